// framework/plugin/library.hpp - opens a shared library, for ever, and finds its table.
#pragma once
#include <cstddef>
#include <filesystem>

#include "sdk/abi.h"

namespace etude {

/// What the symbol `etude_plugin` leads to: nothing of it is checked yet but that `bytes` can be read there.
struct OpenedTable {
    const void* address = nullptr;
    std::size_t bytes = 0;
};

/// Opens `file` (probed before) and finds `etude_plugin`. The library is never unloaded. Throws Error with the reason, without the file's name.
OpenedTable open_library(const std::filesystem::path& file);

}  // namespace etude
