// framework/wrappers/tensors.hpp - the tensors of the flat buffer, as wrappers look at them.
#pragma once
#include <cstddef>
#include <vector>

#include "sdk/abi.h"

namespace etude {

/// Where there is no table, the whole buffer is one row.
inline std::vector<etude_tensor> tensors_or_one(std::vector<etude_tensor> tensors, std::size_t count) {
    if (tensors.empty())
        tensors.push_back({.offset = 0, .count = count, .dims = {count, 1, 1, 1, 1}, .rank = 1, .role = ETUDE_WEIGHT, .groups = 1, .reserved = 0});
    return tensors;
}

/// The incoming weights of each output; a tensor of one dimension (a bias) is one row.
struct Rows {
    std::size_t count, length;
};
inline Rows rows_of(const etude_tensor& tensor) {
    const std::size_t rows = tensor.rank >= 2 ? tensor.dims[0] : 1;
    return {rows, tensor.count / rows};
}

}  // namespace etude
