// framework/interchange/scratch.hpp - a folder for files that are needed for a moment.
#pragma once
#include <filesystem>

namespace etude {

class ScratchFolder {
  public:
    /// Throws Error when the system's place for such folders cannot be written.
    ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder();
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace etude
