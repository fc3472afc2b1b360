#include "wrappers/clip.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

namespace tt = boost::test_tools;
using namespace etude;

namespace {

std::vector<float> clipped(const Clip& clip, std::vector<float> gradients, std::vector<float> weights = {}, std::vector<etude_tensor> tensors = {}) {
    weights.resize(gradients.size());
    GradientClip(clip, gradients.size(), std::move(tensors), chosen_isa()).apply(weights, gradients);
    return gradients;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(clipping)

BOOST_AUTO_TEST_CASE(by_global_norm) {
    BOOST_TEST(clipped({Clip::Kind::norm, 5}, {3, 4}) == (std::vector<float>{3, 4}), tt::per_element());  // at the limit nothing is touched
    BOOST_TEST(clipped({Clip::Kind::norm, 1}, {3, 4}) == (std::vector<float>{0.6f, 0.8f}), tt::tolerance(1e-7f) << tt::per_element());
}
BOOST_AUTO_TEST_CASE(by_value) {
    BOOST_TEST(clipped({Clip::Kind::value, 1}, {3, -4, 0.5f, std::numeric_limits<float>::infinity()}) == (std::vector<float>{1, -1, 0.5f, 1}),
               tt::per_element());
}
BOOST_AUTO_TEST_CASE(by_the_norms_of_rows_of_weights) {
    // Two rows of two weights and a bias of two: norms of the weights 5, 0 (so eps), 1; of the gradients 10, 1, 2.
    const std::vector<etude_tensor> tensors{{0, 4, {2, 2, 1, 1, 1}, 2, ETUDE_WEIGHT, 1, 0}, {4, 2, {2, 1, 1, 1, 1}, 1, ETUDE_BIAS, 1, 0}};
    BOOST_TEST(clipped({Clip::Kind::adaptive, 0.5, 0.25}, {6, 8, 1, 0, 0, 2}, {3, 4, 0, 0, 1, 0}, tensors) ==
                   (std::vector<float>{1.5f, 2, 0.125f, 0, 0, 0.5f}), tt::tolerance(1e-7f) << tt::per_element());
}
BOOST_AUTO_TEST_CASE(a_gradient_that_is_no_number_stays_one) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    for (const Clip::Kind kind : {Clip::Kind::norm, Clip::Kind::value, Clip::Kind::adaptive}) {
        const float first = clipped({kind, 1}, {nan, 2})[0];
        BOOST_TEST(first != first);
    }
}
BOOST_AUTO_TEST_CASE(a_norm_does_not_overflow_and_counts_every_element) {
    double squares = 0;
    for (const float g : clipped({Clip::Kind::norm, 1}, std::vector<float>(10007, 1e30f))) squares += double{g} * g;
    BOOST_TEST(squares == 1, tt::tolerance(1e-6));
}

BOOST_AUTO_TEST_SUITE_END()
