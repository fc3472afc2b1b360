// framework/plugin/check.hpp - is this table one that the host can work with?
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plugin/library.hpp"

namespace etude {

/// Is it a table at all, and of a version that a host speaks whose newest minor is `spoken_minor`? What is wrong, or nothing.
std::optional<std::string> version_problem(const OpenedTable& opened, std::uint16_t spoken_minor);

/// What is wrong with the table of the plugin in `file` (its name without folders), or nothing: then all that it leads to can be read, its
/// names are well formed and differ, its numbers lie in their ranges and its functions are there. Calls none of them.
std::optional<std::string> table_problem(const OpenedTable& opened, std::string_view file);

}  // namespace etude
