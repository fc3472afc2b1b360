// Groups of tensors: against PyTorch's parameter groups (oracles/make_groups.py), and against stepping each tensor by itself.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "base/random.hpp"
#include "base/text.hpp"
#include "plugins/harness.hpp"

using namespace etude;
using namespace etude::test;
namespace tt = boost::test_tools;

namespace {

const RunLength length{100, 10};

etude_tensor tensor(std::size_t offset, std::vector<std::size_t> dims, etude_role role) {
    etude_tensor made{};
    made.offset = offset;
    made.count = 1;
    std::ranges::fill(made.dims, std::size_t{1});
    std::ranges::copy(dims, made.dims);
    for (const std::size_t dim : dims) made.count *= dim;
    made.rank = static_cast<std::uint32_t>(dims.size());
    made.role = role;
    made.groups = 1;
    return made;
}

/// Two dense layers, 3-2-1.
std::vector<etude_tensor> tensors() {
    return {tensor(0, {2, 3}, ETUDE_WEIGHT), tensor(6, {2}, ETUDE_BIAS), tensor(8, {1, 3}, ETUDE_WEIGHT), tensor(11, {1}, ETUDE_BIAS)};
}

Values with(Values values, const std::vector<std::pair<std::string, double>>& changed) {
    for (const auto& [name, value] : changed) values.set(name, value);
    return values;
}

/// A gradient that never repeats, of the first `count` of twelve weights from `first` on.
std::vector<float> gradient_of(std::uint64_t update, std::size_t first = 0, std::size_t count = 12) {
    Rng rng(7, "test gradients", update);
    std::vector<float> gradient(12);
    for (float& g : gradient) g = static_cast<float>(2 * rng.uniform() - 1);
    return {gradient.begin() + static_cast<std::ptrdiff_t>(first), gradient.begin() + static_cast<std::ptrdiff_t>(first + count)};
}

std::vector<float> trained(const Plugin& plugin, const OptimizerSpec& spec, std::vector<TensorGroup> groups) {
    BoundOptimizer optimizer(plugin, spec, 12, {length, 3, 100, tensors(), std::move(groups)});
    std::vector<float> weights(12, 0.5f);
    for (std::uint64_t update = 0; update < 20; ++update) {
        std::vector<float> gradient = gradient_of(update);
        optimizer.step(update, spec.lr, 1, 10, weights, gradient);
    }
    return weights;
}

OptimizerSpec plain(const Plugin& plugin) { return optimizer_spec(plugin, "", plugin.lr > 0 ? std::nullopt : std::optional(0.01), ""); }

}  // namespace

BOOST_AUTO_TEST_SUITE(groups)

BOOST_AUTO_TEST_CASE(they_are_the_parameter_groups_of_pytorch) {
    Registry registry = shipped_plugins();
    const Table gradients = read_table_file("gradients_random.csv", Header::no), expected = read_table_file("groups.csv");
    for (const std::string name : {"sgd", "adamw"}) {
        const Plugin& plugin = registry.require(PluginKind::optimizer, name);
        const bool is_sgd = name == "sgd";
        const OptimizerSpec spec = optimizer_spec(plugin, "", is_sgd ? 0.02 : 0.01, is_sgd ? "momentum=0.9;weight_decay=0.01" : "weight_decay=0.1");
        const Values narrow = is_sgd ? with(spec.values, {{"momentum", 0.5}}) : with(spec.values, {{"beta1", 0.8}, {"beta2", 0.95}});
        BoundOptimizer optimizer(plugin, spec, 12,
                                 {length, 0, 100, tensors(), {{2, with(spec.values, {{"weight_decay", 0.0}}), {1, 3}}, {0.1, narrow, {2}}}});
        std::vector<float> weights;
        for (int i = 0; i < 12; ++i) weights.push_back(static_cast<float>(-1.1 + 2.2 * i / 11.0));
        for (std::uint64_t update = 0; update < 100; ++update) {
            std::vector<float> gradient;
            for (const std::string& cell : gradients.rows[update]) gradient.push_back(static_cast<float>(parse_real(cell).value()));
            optimizer.step(update, spec.lr, 1, 10, weights, gradient);
            for (std::size_t row = 0; row < expected.rows.size(); ++row) {
                if (expected.at(row, "case") != name || expected.at(row, "update") != std::to_string(update + 1)) continue;
                double largest = 0, difference = 0;
                for (std::size_t i = 0; i < 12; ++i) {
                    const double w = parse_real(expected.rows[row][i + 2]).value();
                    largest = std::max(largest, std::abs(w));
                    difference = std::max(difference, std::abs(w - static_cast<double>(weights[i])));
                }
                BOOST_TEST(difference <= 5e-6 * largest, name << " after " << update + 1 << " updates: " << difference / largest);
            }
        }
    }
    BOOST_TEST(expected.rows.size() == 8u);
}

BOOST_AUTO_TEST_CASE(a_group_that_changes_nothing_changes_no_bit) {
    Registry registry = shipped_plugins();
    std::size_t checked = 0;
    for (const Plugin* plugin : registry.all(PluginKind::optimizer)) {
        if (plugin->global) continue;
        const OptimizerSpec spec = plain(*plugin);
        BOOST_TEST_CONTEXT(plugin->description.name)
        BOOST_TEST(trained(*plugin, spec, {{1, spec.values, {0, 3}}}) == trained(*plugin, spec, {}), tt::per_element());
        ++checked;
    }
    BOOST_TEST(checked > 30u);
}

BOOST_AUTO_TEST_CASE(each_tensor_is_stepped_as_if_it_were_alone_with_its_groups_numbers) {
    Registry registry = shipped_plugins();
    for (const Plugin* plugin : registry.all(PluginKind::optimizer)) {
        if (!plugin->elementwise || find_parameter(plugin->description.schema, "weight_decay") == nullptr) continue;
        const OptimizerSpec spec = plain(*plugin);
        const Values decaying = with(spec.values, {{"weight_decay", 0.25}});
        const std::vector<float> grouped = trained(*plugin, spec, {{0.5, decaying, {1, 2}}});
        for (std::size_t t = 0; t < 4; ++t) {
            const bool is_inside = t == 1 || t == 2;
            OptimizerSpec own = spec;
            own.lr = spec.lr * (is_inside ? 0.5 : 1.0);
            if (is_inside) own.values = decaying;
            etude_tensor alone = tensors()[t];
            const std::size_t first = std::exchange(alone.offset, 0);
            BoundOptimizer optimizer(*plugin, own, alone.count, {length, 3, 100, {alone}});
            std::vector<float> weights(alone.count, 0.5f);
            for (std::uint64_t update = 0; update < 20; ++update) {
                std::vector<float> gradient = gradient_of(update, first, alone.count);
                optimizer.step(update, own.lr, 1, 10, weights, gradient);
            }
            const std::vector<float> part(grouped.begin() + static_cast<std::ptrdiff_t>(first),
                                          grouped.begin() + static_cast<std::ptrdiff_t>(first + alone.count));
            BOOST_TEST_CONTEXT(plugin->description.name << " tensor " << t) BOOST_TEST(part == weights, tt::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_scale_of_0_freezes) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::optimizer, "adamw");
    const OptimizerSpec spec = plain(plugin);
    const std::vector<float> weights = trained(plugin, spec, {{0, spec.values, {0}}});
    for (std::size_t i = 0; i < 6; ++i) BOOST_TEST(weights[i] == 0.5f);
    for (std::size_t i = 6; i < 12; ++i) BOOST_TEST(weights[i] != 0.5f);
}

BOOST_AUTO_TEST_SUITE_END()
