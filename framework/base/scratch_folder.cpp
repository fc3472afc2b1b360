#include "base/scratch_folder.hpp"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.hpp"

namespace etude {

ScratchFolder::ScratchFolder() {
    std::error_code none;
    const auto parent = std::filesystem::temp_directory_path(none);
    std::string name = ((none ? std::filesystem::path("/tmp") : parent) / "etude-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw Error(name + ": cannot be made: " + std::strerror(errno), "TMPDIR can name another place for temporary files");
    path_ = name;
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;  // a folder of temporary files that stays behind does no harm
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace etude
