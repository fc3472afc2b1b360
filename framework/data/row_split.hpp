// framework/data/row_split.hpp - which rows of one table are for training and which for the test, for data sets that bring no parts of their own.
#pragma once
#include <cstdint>
#include <vector>

#include "base/value.hpp"

namespace etude {

struct RowSplit {
    std::vector<std::uint32_t> train, test;  ///< rows of the table, in the order in which the parts have them
};

/// train, test, shuffle, random_state, validation.
Schema row_split_schema();
/// The rows of scikit-learn's train_test_split(rows, train_size=..., test_size=..., shuffle=..., random_state=...): with `shuffle` the first rows of
/// numpy.random.RandomState(random_state).permutation(rows) are the test part and the next ones the training part; without it the first rows are
/// for training and the next ones for the test. Shares are rounded as there: down for `train`, up for `test`.
/// Throws Error when there are not so many rows, none is left for training, or a count is not whole.
RowSplit split_rows(const Values& values, std::size_t rows);

}  // namespace etude
