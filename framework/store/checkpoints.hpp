// framework/store/checkpoints.hpp - the states of trials at work, on disk: checkpoints/ID in the store's folder.
//
// A file is written beside and renamed: a kill at any moment leaves the state before it or the new one, and so does a power failure where the file
// has first reached the disk. Its first line, "etude checkpoint ID MAKERS CONTENT", has hashes of what wrote it (instruction set, oneDNN, compiler,
// version) and of its content, so that nothing else is ever taken for it.
// Thread safety: several threads at once, each with trials of its own.
#pragma once
#include <filesystem>
#include <optional>
#include <set>
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
    /// How safe a state is when put() returns: from a kill, which costs microseconds, or from a power failure too, which costs milliseconds.
    enum class Reaching { the_kernel, the_disk };
    /// Replaces the one before it. Throws Error "PATH: cannot be written: REASON"; the one before it is then still there.
    void put(const std::string& id, const TrialState& state, Reaching reaching) const;
    /// Of a trial that is done.
    void remove(const std::string& id) const;
    /// Before and after a run, while no other thread is at work: removes what a killed run has left over (files that it was writing, those of trials
    /// that are `done`), and the folder when it is empty.
    void tidy(const std::set<std::string>& done) const;

  private:
    std::filesystem::path folder_;
};

}  // namespace etude
