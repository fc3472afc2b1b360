// framework/interchange/differences.hpp - two records of one trial, number against number.
//
// Numbers are equal when their bits are; a NaN equals any NaN, whose sign and payload are the processor's affair. Time is not compared.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "train/record.hpp"

namespace etude {

/// One quantity that is not the same in both.
struct Difference {
    std::string what;                 ///< "test_loss over the epochs", "status"
    std::size_t numbers = 0;          ///< that differ
    std::size_t of = 0;               ///< numbers compared
    std::string first;                ///< "epoch 3: 0.5 and 0.51": the first place where they differ
    double largest = 0;               ///< absolute difference; infinite where a number is missing, or no number, on one side
};

struct RecordComparison {
    std::size_t numbers = 0;          ///< compared
    std::vector<Difference> differences;
    bool are_equal() const { return differences.empty(); }
    std::size_t different_numbers() const;
    double largest() const;
};
RecordComparison compare_records(const Record& a, const Record& b);

}  // namespace etude
