#include "layers/dropout.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "base/aligned.hpp"
#include "layers/builders.hpp"

namespace {

using namespace etude;
using namespace etude::test;

struct Bench {
    AlignedBuffer<float> src, dst, diff_dst, diff_src;
    std::unique_ptr<BoundLayer> layer;

    Bench(double rate, std::size_t place, std::uint64_t seed) {
        View view = shaped(20, 50, Layout::columns);
        for (auto* memory : {&src, &dst, &diff_dst, &diff_src}) *memory = AlignedBuffer<float>(view.floats());
        std::ranges::fill(src.span(), 3.0f);
        std::ranges::fill(diff_dst.span(), 5.0f);
        const auto with = [&](AlignedBuffer<float>& memory) {
            View v = view;
            v.data = memory.data();
            return v;
        };
        const Component c = etude::test::layer("dropout", {{"rate", rate}});
        layer = layer_type("dropout")->bind(c, {"1.dropout", place, seed, Pass::training, with(src), with(dst), with(diff_dst), with(diff_src),
                                                       {}, &kernels_for(chosen_isa())});
    }
    std::vector<float> forward(std::uint64_t update) {
        layer->forward(update);
        return {dst.data(), dst.data() + dst.size()};
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(dropout_layer)

BOOST_AUTO_TEST_CASE(scales_what_it_keeps_and_passes_derivatives_through_the_same_mask) {
    Bench bench(0.25, 1, 0);
    bench.forward(7);
    bench.layer->backward();
    for (std::size_t i = 0; i < bench.dst.size(); ++i) {
        BOOST_REQUIRE((bench.dst[i] == 0.0f || std::abs(bench.dst[i] - 4.0f) < 1e-6f));
        BOOST_REQUIRE(std::abs(bench.diff_src[i] - bench.dst[i] / 3 * 5) < 1e-5f);
    }
}

BOOST_AUTO_TEST_CASE(has_a_mask_for_each_seed_update_and_place) {
    const std::vector<float> mask = Bench(0.5, 1, 0).forward(7);
    BOOST_TEST((mask == Bench(0.5, 1, 0).forward(7)));
    BOOST_TEST((mask != Bench(0.5, 1, 0).forward(8)));
    BOOST_TEST((mask != Bench(0.5, 2, 0).forward(7)));
    BOOST_TEST((mask != Bench(0.5, 1, 1).forward(7)));
}

BOOST_AUTO_TEST_CASE(is_the_identity_in_evaluation_and_at_rate_0) {
    const LayerType& type = *layer_type("dropout");
    BOOST_TEST(type.is_identity(layer("dropout", {{"rate", 0.5}}), Pass::evaluation));
    BOOST_TEST(!type.is_identity(layer("dropout", {{"rate", 0.5}}), Pass::training));
    BOOST_TEST(type.is_identity(layer("dropout", {{"rate", 0.0}}), Pass::training));
}

BOOST_AUTO_TEST_SUITE_END()
