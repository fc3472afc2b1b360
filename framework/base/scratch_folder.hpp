// framework/base/scratch_folder.hpp - a folder for files that are needed for a moment.
#pragma once
#include <filesystem>

namespace etude {

class ScratchFolder {
  public:
    /// In TMPDIR, or in /tmp where that is no folder. Throws Error when it cannot be made.
    ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder();
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace etude
