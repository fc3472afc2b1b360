// framework/study/absent.hpp - names of the finished design that are not there yet: refused by name, never ignored.
#pragma once
#include <string>
#include <string_view>

namespace etude {

enum class Section { train, schedule, layer, loss, data };

/// Is `name` a key (or, of layer, loss and data, a kind) that the design has and this version has not?
bool is_absent(Section section, std::string_view name);
/// "'schedules' is not there yet in this version"
std::string absent_message(const std::string& what);

}  // namespace etude
