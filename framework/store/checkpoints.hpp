// framework/store/checkpoints.hpp - the states of trials at work, on disk: checkpoints/ID in the store's folder.
//
// A file is written beside and renamed, after it has reached the disk: a kill or a power failure at any moment leaves the state before it or
// the new one. Its first line, "etude checkpoint ID MAKERS CONTENT", has hashes of what wrote it (instruction set, oneDNN, compiler, version) and of
// its content, so that nothing else is ever taken for it.
// Thread safety: several threads at once, each with trials of its own.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "train/trial_state.hpp"

namespace etude {

class Checkpoints {
  public:
    /// `store`: its folder, which has one writer (store/lock.hpp).
    explicit Checkpoints(const std::filesystem::path& store) : folder_(store / "checkpoints") {}

    struct Found {
        std::optional<TrialState> state;  ///< nothing: the trial begins anew
        std::string warning;              ///< why a file that is there was not taken; else empty
    };
    Found find(const std::string& id) const;
    std::filesystem::path file(const std::string& id) const { return folder_ / id; }
    /// Replaces the one before it. Throws Error "PATH: cannot be written: REASON"; the one before it is then still there.
    void put(const std::string& id, const TrialState& state) const;
    /// Of a trial that is done; the folder goes with its last file.
    void remove(const std::string& id) const;

  private:
    std::filesystem::path folder_;
};

}  // namespace etude
