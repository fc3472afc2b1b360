// One generator makes, in this order: the centres; the points of centre 0, 1, ... (the first samples % centers of them get one more);
// the order in which the points are shown.
#include "data/blobs.hpp"

#include <algorithm>
#include <numeric>

#include "data/numpy_random.hpp"

namespace etude {

LabelledPoints make_blobs(const BlobSettings& settings) {
    const std::size_t n = settings.samples, d = settings.features, k = settings.centers;
    NumpyRandom random(settings.random_state);

    std::vector<double> centers(k * d);  // [centers, features]
    for (double& coordinate : centers) coordinate = random.uniform(settings.box_min, settings.box_max);

    LabelledPoints sorted{std::vector<double>(n * d), std::vector<std::int32_t>(n)};  // by centre
    for (std::size_t c = 0, row = 0; c < k; ++c)
        for (std::size_t end = row + n / k + (c < n % k ? 1 : 0); row < end; ++row) {
            for (std::size_t j = 0; j < d; ++j) sorted.values[row * d + j] = random.normal(centers[c * d + j], settings.cluster_std);
            sorted.labels[row] = static_cast<std::int32_t>(c);
        }

    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0u);
    random.shuffle(order);

    LabelledPoints shown{std::vector<double>(n * d), std::vector<std::int32_t>(n)};
    for (std::size_t i = 0; i < n; ++i) {
        std::copy_n(&sorted.values[order[i] * d], d, &shown.values[i * d]);
        shown.labels[i] = sorted.labels[order[i]];
    }
    return shown;
}

}  // namespace etude
