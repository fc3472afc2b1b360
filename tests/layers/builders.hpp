// tests/layers/builders.hpp - layers and losses with their defaults, random batches, and comparison element by element.
#pragma once
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "layers/catalogue.hpp"
#include "layers/reference.hpp"

namespace etude::test {

inline Component layer(const std::string& name, std::vector<std::pair<std::string, Value>> keys = {}) {
    const Kind* kind = find_layer_kind(name);
    BOOST_REQUIRE_MESSAGE(kind != nullptr, "no layer " << name);
    Component c{name, defaults(kind->schema)};
    for (auto& [key, value] : keys) c.values.set(key, value);
    return c;
}
inline Component dense(int units, const std::string& activation = "none") {
    return layer("dense", {{"units", std::int64_t{units}}, {"activation", activation}});
}
inline Component loss(const std::string& name, double smoothing = 0) {
    const Kind* kind = find_loss_kind(name);
    BOOST_REQUIRE_MESSAGE(kind != nullptr, "no loss " << name);
    Component c{name, defaults(kind->schema)};
    if (smoothing > 0) c.values.set("label_smoothing", smoothing);
    return c;
}

inline void fill_normal(std::span<float> to, Rng& rng, double scale = 1) {
    for (float& x : to) x = static_cast<float>(scale * rng.normal());
}

inline Component conv2d(int channels, int kernel, std::vector<std::pair<std::string, Value>> keys = {}) {
    keys.emplace_back("channels", std::int64_t{channels});
    keys.emplace_back("kernel", std::int64_t{kernel});
    return layer("conv2d", std::move(keys));
}
inline Component pool(const std::string& name, int kernel, std::vector<std::pair<std::string, Value>> keys = {}) {
    keys.emplace_back("kernel", std::int64_t{kernel});
    return layer(name, std::move(keys));
}

inline Component residual(std::vector<Component> body, std::vector<Component> shortcut, const std::string& activation = "none") {
    Component c = layer("residual", {{"activation", activation}});
    c.lists.push_back({"body", std::move(body)});
    if (!shortcut.empty()) c.lists.push_back({"shortcut", std::move(shortcut)});
    return c;
}

/// `classes` 0: one number to predict.
inline ReferenceBatch random_batch(std::size_t samples, std::size_t features, std::uint32_t classes, std::uint64_t seed) {
    Rng rng(seed, "batch");
    ReferenceBatch batch;
    batch.samples = samples;
    batch.inputs.resize(samples * features);
    fill_normal(batch.inputs, rng);
    if (classes == 0) {
        batch.values.resize(samples);
        fill_normal(batch.values, rng);
    } else {
        for (std::size_t i = 0; i < samples; ++i) batch.labels.push_back(static_cast<std::int32_t>(rng.below(classes)));
    }
    return batch;
}

inline ReferenceBatch random_images(std::size_t samples, const InputShape& shape, std::uint32_t classes, std::uint64_t seed) {
    ReferenceBatch batch = random_batch(samples, shape.size(), classes, seed);
    batch.shape = shape;
    return batch;
}

/// Every element within 1e-4 of itself. Sums of floats with terms of both signs lose their relative accuracy, so 1e-6 of the largest is allowed too.
template <class A, class B> void check_close(const A& got, const B& expected, const std::string& what) {
    double largest = 0;
    for (const auto e : expected) largest = std::max(largest, std::abs(static_cast<double>(e)));
    std::size_t first_wrong = 0;
    for (; first_wrong < expected.size(); ++first_wrong) {
        const double g = static_cast<double>(got[first_wrong]), e = static_cast<double>(expected[first_wrong]);
        if (!(std::abs(g - e) <= 1e-4 * std::abs(e) + 1e-6 * largest)) break;
    }
    if (first_wrong < expected.size())
        BOOST_ERROR(what << "[" << first_wrong << "] is " << got[first_wrong] << ", the reference has " << expected[first_wrong]);
}

}  // namespace etude::test
