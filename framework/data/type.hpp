// framework/data/type.hpp - what a data set has to offer; one function a data set, listed in catalogue.cpp.
#pragma once
#include "data/catalogue.hpp"

namespace etude {

struct DatasetType {
    Kind kind;
    DatasetOutline (*outline)(const Component& data, const DataPaths& paths);
    std::shared_ptr<const Dataset> (*load)(const Component& data, const DataPaths& paths);
    std::vector<std::filesystem::path> (*files)(const Component& data, const DataPaths& paths);
};

DatasetType blobs_type();
DatasetType cifar10_type();
DatasetType circle_type();
DatasetType csv_type();
DatasetType fashion_mnist_type();
DatasetType mnist_type();
DatasetType moons_type();
DatasetType npy_type();
DatasetType spirals_type();

/// The key `validation`, which every data set has.
Parameter validation_key();
/// How many of `train` samples it takes: a share below 1, or a count. Throws Error when it leaves nothing, or is no whole count.
std::size_t validation_count(double validation, std::size_t train);
/// Moves the last samples of set.train to set.validation; the values stay where they are.
void hold_validation_back(Dataset& set, std::size_t count);

enum class ColumnScale { none, standardize };
/// Parts of generated points, as many as the outline says: the first rows for training, the rest for the test.
std::shared_ptr<const Dataset> dataset_of_points(const std::string& name, const struct LabelledPoints& points, const DatasetOutline& outline,
                                                 ColumnScale scale);

}  // namespace etude
