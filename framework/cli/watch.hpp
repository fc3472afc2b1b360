// framework/cli/watch.hpp - waits until a file is saved (inotify).
#pragma once
#include <atomic>
#include <filesystem>
#include <vector>

namespace etude::cli {

/// Watches from its making on, so that what is saved while something runs is not missed.
class FileWatch {
  public:
    /// `files` need not exist yet; those in a folder that does not are left out. Throws Error when the system can watch no more.
    explicit FileWatch(const std::vector<std::filesystem::path>& files);
    FileWatch(const FileWatch&) = delete;
    FileWatch& operator=(const FileWatch&) = delete;
    ~FileWatch();

    /// Returns true once one of the files has been written, replaced or removed, false once `stop` is set.
    bool wait(const std::atomic<bool>& stop);

  private:
    bool saw_a_file_of_ours();

    struct Watched {
        int folder;        ///< inotify's number
        std::string name;  ///< inside it
    };
    int inotify_;
    std::vector<Watched> files_;
};

}  // namespace etude::cli
