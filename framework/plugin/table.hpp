// framework/plugin/table.hpp - reads a plugin's C structs as this host knows them, and as C++ values.
//
// A struct made by an older plugin is shorter, one in an array of a newer plugin has a wider stride: both are read through a copy in
// which absent fields are 0. Nothing here checks anything: check.hpp does, first.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "plugin/registry.hpp"
#include "sdk/abi.h"

namespace etude {

/// The struct at `from`, of which `bytes` are there.
template <class T> T read_struct(const void* from, std::size_t bytes) {
    T copy{};
    std::memcpy(&copy, from, std::min(bytes, sizeof copy));
    return copy;
}
/// Element `i` of an array with the given stride.
template <class T> T read_element(const void* array, std::size_t i, std::size_t stride) {
    return read_struct<T>(static_cast<const char*>(array) + i * stride, stride);
}

etude_table read_table(const etude_table* table);
etude_optimizer read_optimizer(const etude_table& table);
etude_schedule read_schedule(const etude_table& table);
std::vector<etude_param> read_params(const etude_table& table);
std::vector<etude_preset> read_presets(const etude_table& table);
std::vector<etude_scalar> read_scalars(const etude_table& table);
/// The entries of a null-terminated list.
std::vector<std::string> read_names(const char* const* list);

/// All scalars in a row, as before the first update or report.
std::vector<double> initial_scalars(const etude_table& table);

/// The C value of a parameter as ours.
Value read_value(const etude_param& param, const etude_value& value);
Parameter read_parameter(const etude_param& param);
/// Everything about the plugin but its file.
Plugin read_plugin(const etude_table* table);

}  // namespace etude
