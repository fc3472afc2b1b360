// framework/store/lock.hpp - one writer for a folder.
//
// The lock is the kernel's (flock) on the file `etude.lock`, so that it ends with its process, however that ends; the file itself holds
// "PID HOST" only for the message to a second run.
#pragma once
#include <filesystem>

namespace etude {

class FolderLock {
  public:
    /// Throws Error naming the process that holds the lock, or when the folder cannot be written.
    explicit FolderLock(const std::filesystem::path& folder);
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;
    ~FolderLock();

  private:
    std::filesystem::path file_;
    int descriptor_ = -1;
};

}  // namespace etude
