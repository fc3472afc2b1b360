#include "interchange/scratch.hpp"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.hpp"

namespace etude {

ScratchFolder::ScratchFolder() {
    std::error_code error;
    std::string name = (std::filesystem::temp_directory_path(error) / "etude-XXXXXX").string();
    if (error || ::mkdtemp(name.data()) == nullptr) throw Error(name + ": cannot be made: " + std::strerror(errno), "TMPDIR names another place");
    path_ = name;
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;  // a folder of temporary files that stays behind does no harm
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace etude
