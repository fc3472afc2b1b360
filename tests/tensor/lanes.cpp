#include "tensor/lanes.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "base/random.hpp"
#include "tensor/lanes_math.hpp"

namespace {

using namespace etude;
namespace simd = etude::baseline;  // the other versions have the same bits: tests/layers/kernels.cpp

/// The largest error of `f` against `exact` over 200 000 arguments between lo and hi, in units of the last place of the exact value.
template <class F, class Exact> double worst_ulps(double lo, double hi, F&& f, Exact&& exact) {
    double worst = 0;
    Rng rng(1, "ulps");
    for (int round = 0; round < 12500; ++round) {
        alignas(64) float x[lanes], y[lanes];
        for (float& v : x) v = static_cast<float>(rng.uniform(lo, hi));
        simd::store(y, f(simd::load(x)));
        for (std::size_t l = 0; l < lanes; ++l) {
            const double truth = exact(static_cast<double>(x[l]));
            const double ulp = std::max(std::ldexp(1.0, std::ilogb(truth) - 23), 0x1p-149);
            worst = std::max(worst, std::abs(static_cast<double>(y[l]) - truth) / ulp);
        }
    }
    return worst;
}

template <class F> float at(F&& f, float x) {
    alignas(64) float y[lanes];
    simd::store(y, f(simd::all(x)));
    return y[0];
}

const auto exp_of_negative = [](const auto& x) { return simd::exp_of_negative(x); };
const auto expm1_of_negative = [](const auto& x) { return simd::expm1_of_negative(x); };
const auto log_ = [](const auto& x) { return simd::log(x); };
const auto log1p_ = [](const auto& x) { return simd::log1p(x); };
const auto tanh_ = [](const auto& x) { return simd::tanh(x); };
const auto sigmoid_ = [](const auto& x) { return simd::sigmoid(x); };
const auto softplus_ = [](const auto& x) { return simd::softplus(x); };
const auto upper = [](const auto& x) { return simd::upper_tail(x).upper; };

}  // namespace

BOOST_AUTO_TEST_SUITE(lanes_math)

BOOST_AUTO_TEST_CASE(functions_keep_to_the_errors_that_the_header_states) {
    BOOST_TEST(worst_ulps(-87, 0, exp_of_negative, [](double x) { return std::exp(x); }) < 2);
    BOOST_TEST(worst_ulps(-1, 0, exp_of_negative, [](double x) { return std::exp(x); }) < 2);
    BOOST_TEST(worst_ulps(-20, 0, expm1_of_negative, [](double x) { return std::expm1(x); }) < 2);
    BOOST_TEST(worst_ulps(-0.01, 0, expm1_of_negative, [](double x) { return std::expm1(x); }) < 2);
    BOOST_TEST(worst_ulps(0.5, 1.5, log_, [](double x) { return std::log(x); }) < 2);
    BOOST_TEST(worst_ulps(1, 1e6, log_, [](double x) { return std::log(x); }) < 2);
    BOOST_TEST(worst_ulps(0, 1, log1p_, [](double x) { return std::log1p(x); }) < 3);
    BOOST_TEST(worst_ulps(0, 1e-5, log1p_, [](double x) { return std::log1p(x); }) < 3);
    BOOST_TEST(worst_ulps(-3, 3, tanh_, [](double x) { return std::tanh(x); }) < 3);
    BOOST_TEST(worst_ulps(-0.01, 0.01, tanh_, [](double x) { return std::tanh(x); }) < 3);
    BOOST_TEST(worst_ulps(-30, 30, sigmoid_, [](double x) { return 1 / (1 + std::exp(-x)); }) < 4);
    BOOST_TEST(worst_ulps(-30, 30, softplus_, [](double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }) < 4);
    BOOST_TEST(worst_ulps(0, 2, upper, [](double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }) < 8);
    BOOST_TEST(worst_ulps(2, 9, upper, [](double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }) < 40);
}

BOOST_AUTO_TEST_CASE(values_at_the_ends_are_exact) {
    const float infinity = std::numeric_limits<float>::infinity();
    BOOST_TEST(at(exp_of_negative, 0.0f) == 1.0f);
    BOOST_TEST(at(exp_of_negative, -1e4f) == 0.0f);
    BOOST_TEST(at(exp_of_negative, -infinity) == 0.0f);
    BOOST_TEST(at(expm1_of_negative, -infinity) == -1.0f);
    BOOST_TEST(at(log_, 1.0f) == 0.0f);
    BOOST_TEST(at(log1p_, 0.0f) == 0.0f);
    BOOST_TEST(at(tanh_, 1e4f) == 1.0f);
    BOOST_TEST(at(tanh_, -1e4f) == -1.0f);
    BOOST_TEST(at(sigmoid_, 1e4f) == 1.0f);
    BOOST_TEST(at(sigmoid_, -1e4f) == 0.0f);
    BOOST_TEST(at(softplus_, 1e4f) == 1e4f);
    BOOST_TEST(at(softplus_, -1e4f) == 0.0f);
    BOOST_TEST(at(upper, 1e4f) == 0.0f);
}

BOOST_AUTO_TEST_CASE(nan_goes_through_every_function) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    BOOST_TEST(std::isnan(at(exp_of_negative, nan)));
    BOOST_TEST(std::isnan(at(expm1_of_negative, nan)));
    BOOST_TEST(std::isnan(at(log_, nan)));
    BOOST_TEST(std::isnan(at(log1p_, nan)));
    BOOST_TEST(std::isnan(at(tanh_, nan)));
    BOOST_TEST(std::isnan(at(sigmoid_, nan)));
    BOOST_TEST(std::isnan(at(softplus_, nan)));
    BOOST_TEST(std::isnan(at(upper, nan)));
}

BOOST_AUTO_TEST_CASE(sums_over_lanes_stand_in_their_places) {
    for (std::size_t count = 0; count <= lanes; ++count) {
        alignas(64) float sums[lanes];
        simd::store(sums, simd::sums_over_lanes(
                              [](std::size_t j) {
                                  alignas(64) float terms[lanes];
                                  for (std::size_t l = 0; l < lanes; ++l) terms[l] = static_cast<float>(1000 * j + l);
                                  return simd::load(terms);
                              },
                              count));
        for (std::size_t j = 0; j < lanes; ++j) BOOST_TEST(sums[j] == (j < count ? static_cast<float>(16000 * j + 120) : 0.0f));
    }
}

BOOST_AUTO_TEST_SUITE_END()
