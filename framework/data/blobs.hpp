// framework/data/blobs.hpp - Gaussian clouds around random centres: the numbers of scikit-learn's make_blobs, bit for bit.
#pragma once
#include <cstdint>
#include <vector>

namespace etude {

struct BlobSettings {
    std::size_t samples = 100, centers = 3, features = 2;
    double cluster_std = 1;
    double box_min = -10, box_max = 10;  ///< every coordinate of a centre lies in it
    std::uint32_t random_state = 0;
};

/// Samples before they become floats.
struct LabelledPoints {
    std::vector<double> values;        ///< [samples, features]
    std::vector<std::int32_t> labels;  ///< [samples]
};

/// As sklearn.datasets.make_blobs(n_samples, n_features, centers=centers, cluster_std=..., center_box=..., random_state=...).
LabelledPoints make_blobs(const BlobSettings& settings);

}  // namespace etude
