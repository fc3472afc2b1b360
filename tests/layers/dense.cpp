#include "layers/dense.hpp"

#include <boost/test/unit_test.hpp>

#include "base/aligned.hpp"
#include "layers/builders.hpp"

namespace {

using namespace etude;
using namespace etude::test;

/// A dense layer alone, in one of its two layouts, with random inputs and derivatives that do not depend on the layout.
struct Bench {
    std::size_t samples, in, out;
    Layout layout;
    AlignedBuffer<float> src, dst, diff_dst, diff_src, weights, gradients;
    std::unique_ptr<BoundLayer> layer;

    Bench(const Component& component, std::size_t n, std::size_t features, Layout wanted)
        : samples(n), in(features), out(static_cast<std::size_t>(component.values.integer("units"))), layout(wanted) {
        const View below = shaped(n, in, layout), above = shaped(n, out, layout);
        src = AlignedBuffer<float>(below.floats());
        diff_src = AlignedBuffer<float>(below.floats());
        dst = AlignedBuffer<float>(above.floats());
        diff_dst = AlignedBuffer<float>(above.floats());
        weights = AlignedBuffer<float>(in * out + out);
        gradients = AlignedBuffer<float>(in * out + out);
        Rng rng(n + 100 * in, "bench");
        fill_normal(weights.span(), rng, 0.5);
        for (std::size_t r = 0; r < n; ++r)
            for (std::size_t f = 0; f < in; ++f) at(src, below, r, f) = static_cast<float>(rng.normal());
        for (std::size_t r = 0; r < n; ++r)
            for (std::size_t f = 0; f < out; ++f) at(diff_dst, above, r, f) = static_cast<float>(rng.normal());
        const auto with = [](View v, AlignedBuffer<float>& memory) {
            v.data = memory.data();
            return v;
        };
        Binding binding{"0.dense", 0, 0, Pass::training, with(below, src), with(above, dst), with(above, diff_dst), with(below, diff_src)};
        binding.parameters.weights = weights.data();
        binding.parameters.gradients = gradients.data();
        binding.kernels = &kernels_for(chosen_isa());
        layer = layer_type("dense")->bind(component, binding);
        layer->forward(0);
        layer->backward();
    }
    static float& at(AlignedBuffer<float>& memory, const View& v, std::size_t r, std::size_t f) {
        return memory[v.layout == Layout::rows ? r * v.stride + f : f * v.stride + r];
    }
    /// [samples, features] whatever the layout.
    Numbers by_rows(AlignedBuffer<float>& memory, std::size_t features) {
        Numbers numbers;
        for (std::size_t r = 0; r < samples; ++r)
            for (std::size_t f = 0; f < features; ++f) numbers.push_back(static_cast<double>(at(memory, shaped(samples, features, layout), r, f)));
        return numbers;
    }
};

Component dense_without_bias(int units) {
    return layer("dense", {{"units", std::int64_t{units}}, {"bias", false}});
}

void compare(const Component& component, std::size_t samples, std::size_t in) {
    Bench own(component, samples, in, Layout::columns), onednn(component, samples, in, Layout::rows);
    const std::string sizes = std::to_string(samples) + "x" + std::to_string(in) + "x" + std::to_string(own.out);
    const std::string what = component.values.word("activation") + " " + sizes;
    check_close(own.by_rows(own.dst, own.out), onednn.by_rows(onednn.dst, own.out), what + " dst");
    check_close(own.by_rows(own.diff_src, in), onednn.by_rows(onednn.diff_src, in), what + " diff_src");
    check_close(own.gradients, onednn.gradients.span(), what + " gradients");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dense_layer)

BOOST_AUTO_TEST_CASE(our_own_kernels_agree_with_onednn_for_odd_sizes) {
    for (const std::size_t samples : {1u, 7u, 20u, 33u, 65u})
        for (const std::size_t in : {1u, 3u, 17u, 784u})
            for (const int units : {1, 3, 16, 50}) compare(dense(units), samples, in);
}

BOOST_AUTO_TEST_CASE(our_own_activations_agree_with_those_that_onednn_fuses) {
    for (const std::string& name : activations()) compare(dense(17, name), 33, 20);
}

BOOST_AUTO_TEST_CASE(without_bias_nothing_is_added_and_no_gradient_written_for_it) {
    for (const Layout layout : {Layout::columns, Layout::rows}) {
        Bench bench(dense_without_bias(3), 20, 4, layout);
        for (std::size_t o = 0; o < 3; ++o) BOOST_TEST(bench.gradients[4 * 3 + o] == 0.0f);
    }
    compare(dense_without_bias(3), 20, 4);
}

BOOST_AUTO_TEST_CASE(small_products_are_ours_and_large_ones_are_onednns) {
    BOOST_TEST(prefers_own_kernels(32, 2, 50));
    BOOST_TEST(prefers_own_kernels(32, 50, 3));
    BOOST_TEST(prefers_own_kernels(128, 2, 50));
    BOOST_TEST(prefers_own_kernels(128, 50, 3));
    BOOST_TEST(!prefers_own_kernels(32, 784, 128));
    BOOST_TEST(!prefers_own_kernels(1, 784, 10));
}

BOOST_AUTO_TEST_SUITE_END()
