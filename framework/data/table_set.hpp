// framework/data/table_set.hpp - a data set from one table of numbers: the split, the scaling of its columns, the parts.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/aligned.hpp"
#include "base/value.hpp"
#include "data/type.hpp"

namespace etude {

/// What the training part is told about each row.
struct TableTargets {
    std::vector<std::int32_t> labels;     ///< [rows] when it is a classification
    std::vector<float> values;            ///< [rows] when it is a regression
    std::vector<std::string> class_names; ///< empty: a regression
};

/// One array of samples: floats or bytes.
struct TableRows {
    SampleShape shape;                ///< of a row
    std::vector<float> values;        ///< [rows, shape.size()], or empty: then bytes
    std::vector<std::uint8_t> bytes;  ///< [rows, shape.size()]
    std::size_t count() const { return (values.empty() ? bytes.size() : values.size()) / shape.size(); }
};

/// `scale`: standardize | none.
Parameter column_scale_key();
/// What the values say of it; none where they have no such key.
ColumnScale column_scale(const Values& values);
DatasetOutline outline_of_table(const Values& values, const SampleShape& shape, std::size_t rows, std::size_t classes);
/// Split, validation and, of floats, the scale as the values say; bytes are scaled when they are gathered.
std::shared_ptr<Dataset> dataset_of_table(const Component& data, const TableRows& rows, const TableTargets& targets);
/// Scales `values`, which all parts of `set` share and whose maker alone may still write to it: mean 0 and deviation 1 of each column (of an
/// image: each channel) over the training part, without what is held back; a column that is constant there is only centred, as
/// scikit-learn's StandardScaler does.
void standardize_columns(AlignedBuffer<float>& values, const Dataset& set);

}  // namespace etude
