#include "cli/version.hpp"

#include <fmt/format.h>

#include "sdk/abi.h"
#include "store/store.hpp"

namespace etude::cli {

std::string version_text() {
    return fmt::format("etude {} (plugin ABI {}.{}, oneDNN {})", ETUDE_VERSION, ETUDE_ABI_MAJOR, ETUDE_ABI_MINOR, provenance_here().onednn);
}

}  // namespace etude::cli
