// Counts every call of operator new in this program: those of oneDNN included, since the library's calls end here too.
#include <boost/test/unit_test.hpp>

#include "base/aligned.hpp"
#include "base/isa.hpp"
#include "layers/builders.hpp"
#include "layers/kernels.hpp"
#include "model/model.hpp"
#include "support/allocations.hpp"
#include "tensor/dnnl.hpp"

namespace {

using namespace etude;
using namespace etude::test;

/// Calls of operator new in the third run of `action`: by then whatever is made once has been made.
template <class Action> std::size_t allocations_of(Action&& action) {
    action();
    action();
    const std::size_t before = allocations();
    action();
    return allocations() - before;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(allocations_in_a_step)

BOOST_AUTO_TEST_CASE(there_are_none_on_our_own_kernels) {
    const ModelSpec spec = {dense(50, "relu"), layer("dropout", {{"rate", 0.5}}), dense(4, "gelu"), layer("tanh"), dense(3)};
    Model model(spec, loss("softmax_cross_entropy"), {2, 1, 1}, {{32, 20}, {500}}, 0);
    const ReferenceBatch batch = random_batch(500, 2, 3, 1);
    const TargetBatch targets{batch.labels, {}};
    std::vector<float> outputs(1500);
    BOOST_TEST(allocations_of([&] { model.train(targets, 32, 1); }) == 0u);
    BOOST_TEST(allocations_of([&] { model.train(targets, 20, 1); }) == 0u);
    BOOST_TEST(allocations_of([&] { model.evaluate(targets, 500); }) == 0u);
    BOOST_TEST(allocations_of([&] { model.predict(500, outputs.data()); }) == 0u);
}

BOOST_AUTO_TEST_CASE(there_are_none_with_images_in_the_lanes) {
    if (kernels_for(available_isas().back()).images == nullptr) {
        BOOST_TEST_MESSAGE("skipped: no AVX-512 here");
        return;
    }
    const ModelSpec spec = {conv2d(6, 3, {{"activation", std::string("relu")}}), layer("max_pool", {{"kernel", std::int64_t{2}}}),
                            conv2d(5, 3), layer("swish"), layer("flatten"), dense(3)};
    Model model(spec, loss("softmax_cross_entropy"), {1, 10, 10}, {{20}, {70}}, 0);
    const ReferenceBatch batch = random_images(70, {1, 10, 10}, 3, 1);
    const TargetBatch targets{batch.labels, {}};
    BOOST_TEST(allocations_of([&] { model.train(targets, 20, 1); }) == 0u);
    BOOST_TEST(allocations_of([&] { model.evaluate(targets, 70); }) == 0u);
}

BOOST_AUTO_TEST_CASE(all_others_are_onednns_own) {
    // The network 100-200-200-100 and, beside it, its products as they are.
    const std::size_t samples = 32, widths[] = {100, 200, 200, 100};
    const Fused fused[] = {Fused::none, Fused::tanh, Fused::none};
    AlignedBuffer<float> a(200 * 200), b(200 * 200), c(200 * 200), bias(200);
    std::size_t forward = 0, backward = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t in = widths[i], out = widths[i + 1];
        const Matrix src{a.data(), samples, in, in, 1}, weights{b.data(), out, in, in, 1}, dst{c.data(), samples, out, out, 1};
        Matmul product(src, transposed(weights), dst, {bias.data(), fused[i], 1.0f});
        Matmul by_weights(transposed(dst), src, weights), by_data(dst, weights, src);
        forward += allocations_of([&] { product.execute(); });
        backward += allocations_of([&] { by_weights.execute(); });
        if (i > 0) backward += allocations_of([&] { by_data.execute(); });
    }
    BOOST_TEST_MESSAGE("oneDNN allocates " << forward << " times in 3 products forward, " << backward << " times in 5 backward");
    Model model({dense(200, "relu"), dense(200, "tanh"), dense(100)}, loss("softmax_cross_entropy"), {100, 1, 1}, {{samples}, {samples}}, 0);
    const ReferenceBatch batch = random_batch(samples, 100, 100, 1);
    const TargetBatch targets{batch.labels, {}};
    BOOST_TEST(model.kernels().size() == 8u);
    BOOST_TEST(allocations_of([&] { model.evaluate(targets, samples); }) == forward);
    BOOST_TEST(allocations_of([&] { model.train(targets, samples, 1); }) == forward + backward);
}

BOOST_AUTO_TEST_SUITE_END()
