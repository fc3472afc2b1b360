// Runs of layers with images in the lanes against the same networks through oneDNN, which ETUDE_ISA chooses between.
#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "base/isa.hpp"
#include "layers/builders.hpp"
#include "layers/kernels.hpp"
#include "model/model.hpp"

namespace {

using namespace etude;
using namespace etude::test;

/// False, with a word about it, where there are no kernels for images in the lanes.
bool has_lanes() {
    const bool has = kernels_for(available_isas().back()).images != nullptr;
    if (!has) BOOST_TEST_MESSAGE("skipped: no AVX-512 here");
    return has;
}

/// ETUDE_ISA as long as it lives.
class Forced {
  public:
    explicit Forced(Isa isa) { ::setenv("ETUDE_ISA", std::string(isa_name(isa)).c_str(), 1); }
    ~Forced() { ::unsetenv("ETUDE_ISA"); }
    Forced(const Forced&) = delete;
    Forced& operator=(const Forced&) = delete;
};

struct Result {
    BatchResult trained, evaluated;
    std::vector<float> gradients, outputs;
    std::vector<std::string> kernels;
};

Result run_on(Isa isa, const ModelSpec& spec, const InputShape& shape, std::size_t samples) {
    const Forced forced(isa);
    Model model(spec, loss("softmax_cross_entropy"), shape, {{samples}, {samples}}, 1);
    const ReferenceBatch batch = random_images(samples, shape, 3, 7);
    std::memcpy(model.input(), batch.inputs.data(), batch.inputs.size() * sizeof(float));
    Result r;
    r.trained = model.train({batch.labels, {}}, samples, 0);
    r.gradients.assign(model.gradients().begin(), model.gradients().end());
    r.evaluated = model.evaluate({batch.labels, {}}, samples);
    r.outputs.resize(samples * model.outputs());
    model.predict(samples, r.outputs.data());
    r.kernels = model.kernels();
    return r;
}

bool uses_lanes(const Result& r) {
    return std::ranges::any_of(r.kernels, [](const std::string& line) { return line.find("lanes:v4") != std::string::npos; });
}

Component image_pool(const std::string& name, int kernel) { return layer(name, {{"kernel", std::int64_t{kernel}}}); }

ModelSpec lenet(const std::string& activation, const std::string& pool_name) {
    const auto conv = [&](int channels, int padding) {
        return conv2d(channels, 5, {{"padding", std::int64_t{padding}}, {"activation", activation}});
    };
    return {conv(6, 2), image_pool(pool_name, 2), conv(16, 0), image_pool(pool_name, 2), layer("flatten"), dense(30, activation), dense(3)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lane_runs)

BOOST_AUTO_TEST_CASE(lenet_in_lanes_agrees_with_lenet_through_onednn) {
    if (!has_lanes()) return;
    for (const auto& [activation, pool_name] : {std::pair{"relu", "max_pool"}, {"sigmoid", "avg_pool"}, {"gelu", "max_pool"}, {"tanh", "max_pool"}})
        for (const std::size_t samples : {1u, 15u, 16u, 33u, 150u}) {
            const ModelSpec spec = lenet(activation, pool_name);
            const Result own = run_on(Isa::v4, spec, {1, 28, 28}, samples), other = run_on(Isa::v3, spec, {1, 28, 28}, samples);
            const std::string what = std::string(activation) + " " + pool_name + " " + std::to_string(samples);
            BOOST_TEST(uses_lanes(own), what);
            BOOST_TEST(!uses_lanes(other), what);
            BOOST_TEST(own.trained.loss == other.trained.loss, boost::test_tools::tolerance(1e-5));
            BOOST_TEST(own.evaluated.loss == other.evaluated.loss, boost::test_tools::tolerance(1e-5));
            check_close(own.gradients, other.gradients, what + " gradient");
            check_close(own.outputs, other.outputs, what + " output");
        }
}

BOOST_AUTO_TEST_CASE(a_run_in_the_middle_of_a_network_passes_derivatives_on) {
    if (!has_lanes()) return;
    const Component wide = conv2d(16, 3, {{"padding", std::int64_t{1}}, {"activation", std::string("relu")}});
    const ModelSpec spec =
        {wide, conv2d(6, 3), layer("relu"), image_pool("max_pool", 2), layer("elu"), wide, image_pool("avg_pool", 2), layer("flatten"), dense(3)};
    for (const std::size_t samples : {3u, 16u, 20u}) {
        const Result own = run_on(Isa::v4, spec, {3, 12, 11}, samples), other = run_on(Isa::v3, spec, {3, 12, 11}, samples);
        BOOST_TEST(uses_lanes(own));
        check_close(own.gradients, other.gradients, "gradient of " + std::to_string(samples));
        check_close(own.outputs, other.outputs, "output of " + std::to_string(samples));
    }
}

BOOST_AUTO_TEST_CASE(an_image_has_the_same_bits_in_every_batch) {
    if (!has_lanes()) return;
    const ModelSpec spec = {conv2d(6, 3, {{"activation", std::string("relu")}}), image_pool("max_pool", 2),
                            conv2d(3, 4, {{"activation", std::string("swish")}}), layer("flatten")};
    const InputShape shape{1, 10, 10};
    const ReferenceBatch images = random_images(70, shape, 3, 7);
    const auto predicted = [&](std::size_t batch) {
        std::vector<float> outputs(70 * 3);
        Model model(spec, loss("softmax_cross_entropy"), shape, {{}, {batch, 70 % batch == 0 ? batch : 70 % batch}}, 1);
        for (std::size_t first = 0; first < 70; first += batch) {
            const std::size_t samples = std::min<std::size_t>(batch, 70 - first);
            std::memcpy(model.input(), images.inputs.data() + first * shape.size(), samples * shape.size() * sizeof(float));
            model.predict(samples, outputs.data() + first * 3);
        }
        return outputs;
    };
    const auto expected = predicted(70);
    for (const std::size_t batch : {1u, 7u, 16u, 35u, 64u}) BOOST_TEST(predicted(batch) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_network_that_diverged_shows_it_through_relu_and_pools) {
    if (!has_lanes()) return;
    Model model(lenet("relu", "max_pool"), loss("softmax_cross_entropy"), {1, 28, 28}, {{4}, {4}}, 1);
    model.weights()[0] = std::numeric_limits<float>::quiet_NaN();
    const ReferenceBatch batch = random_images(4, {1, 28, 28}, 3, 7);
    std::memcpy(model.input(), batch.inputs.data(), batch.inputs.size() * sizeof(float));
    BOOST_TEST(std::isnan(model.train({batch.labels, {}}, 4, 0).loss));
    BOOST_TEST(std::isnan(model.evaluate({batch.labels, {}}, 4).loss));
}

BOOST_AUTO_TEST_SUITE_END()
