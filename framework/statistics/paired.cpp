#include "statistics/paired.hpp"

#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace etude {
namespace {

double power_of(double d_z, std::size_t pairs, double alpha) {
    const auto n = static_cast<double>(pairs);
    const double critical = boost::math::quantile(boost::math::complement(boost::math::students_t(n - 1), alpha / 2));
    const boost::math::non_central_t shifted(n - 1, std::abs(d_z) * std::sqrt(n));
    return boost::math::cdf(boost::math::complement(shifted, critical)) + boost::math::cdf(shifted, -critical);
}

}  // namespace

PairedT paired_t(std::span<const double> differences) {
    PairedT test{.difference = statistics_of(differences), .t = {}, .p = {}, .effect = {}};
    const Statistics& d = test.difference;
    if (!d.std) return test;
    if (*d.std == 0) {
        test.p = *d.mean == 0 ? 1.0 : 0.0;
        return test;
    }
    test.t = *d.mean / *d.sem;
    test.effect = *d.mean / *d.std;
    test.p = 2 * boost::math::cdf(boost::math::complement(boost::math::students_t(static_cast<double>(d.n - 1)), std::abs(*test.t)));
    return test;
}

std::optional<std::size_t> pairs_needed(double d_z, double alpha, double power) {
    constexpr std::size_t most = 100'000;
    if (d_z == 0 || !std::isfinite(d_z)) return std::nullopt;
    std::size_t enough = 2;
    while (power_of(d_z, enough, alpha) < power) {
        if (enough >= most) return std::nullopt;
        enough *= 2;
    }
    std::size_t too_few = enough == 2 ? 1 : enough / 2;
    while (enough - too_few > 1) {
        const std::size_t middle = too_few + (enough - too_few) / 2;
        (power_of(d_z, middle, alpha) < power ? too_few : enough) = middle;
    }
    return enough <= most ? std::optional(enough) : std::nullopt;
}

}  // namespace etude
