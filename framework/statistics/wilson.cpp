#include "statistics/wilson.hpp"

#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace etude {

Interval95 wilson_interval(std::size_t count, std::size_t n) {
    const double z = boost::math::quantile(boost::math::normal(), 0.975);
    const auto total = static_cast<double>(n);
    const double share = static_cast<double>(count) / total, shrink = 1 + z * z / total;
    const double centre = (share + z * z / (2 * total)) / shrink;
    const double half = z / shrink * std::sqrt(share * (1 - share) / total + z * z / (4 * total * total));
    return {count == 0 ? 0 : centre - half, count == n ? 1 : centre + half};
}

}  // namespace etude
