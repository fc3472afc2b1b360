// framework/data/table_set.hpp - a data set from one table of numbers: the split, the scaling of its columns, the parts.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/aligned.hpp"
#include "base/value.hpp"
#include "data/catalogue.hpp"

namespace etude {

/// What the training part is told about each row.
struct TableTargets {
    std::vector<std::int32_t> labels;     ///< [rows] when it is a classification
    std::vector<float> values;            ///< [rows] when it is a regression
    std::vector<std::string> class_names; ///< empty: a regression
};

/// `scale`: standardize | none.
Parameter column_scale_key();
DatasetOutline outline_of_table(const Values& values, std::size_t features, std::size_t rows, std::size_t classes);
/// `columns` is [rows, features]. With `scale: standardize` each column gets mean 0 and deviation 1 over the training part, without what is held
/// back; a column that is constant there is only centred, as scikit-learn's StandardScaler does.
std::shared_ptr<Dataset> dataset_of_table(const Component& data, const std::vector<float>& columns, const TableTargets& targets, std::size_t features);
/// Scales the columns of all parts of a set of floats in place; they share one buffer, which nobody else has seen yet.
void standardize_columns(Dataset& set, AlignedBuffer<float>& values);

}  // namespace etude
