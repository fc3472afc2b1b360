// framework/store/store.hpp - the results of a study on disk: etude.sqlite in its folder, one transaction per finished trial.
//
// Curves are float32 blobs, metrics doubles. The store keeps every trial it was ever given; the plan says which of them are shown.
// Threads: one thread at a time (the sweep's writer).
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "train/plan.hpp"
#include "train/record.hpp"

namespace etude {

struct UsedPlugin;  // store/used_plugins.hpp

/// What is known of a result but is no part of its identity. Reports warn when it mixes.
struct Provenance {
    std::string host, cpu, isa;           ///< isa: the optimizer kernels' and oneDNN's
    std::string onednn, compiler, etude;  ///< versions
    std::string finished_at;              ///< UTC, ISO 8601
    bool operator==(const Provenance&) const = default;
};
/// Of this process and machine; finished_at is empty.
Provenance provenance_here();

struct StoredTrial {
    std::string id;
    std::uint64_t seed = 0;
    std::string resolved;                 ///< the trial as resolved YAML
    Record record;
    Provenance provenance;
};

class Store {
  public:
    enum class Access { write, read };
    /// write: makes folder and file when they are absent, and takes the folder's lock: a second run stops with an Error naming the first's
    /// process; the lock of a dead process is taken over. read: throws Error when there are no results.
    /// Throws Error when the folder holds results of another study (`study`, when not empty), or cannot be written (with the path).
    static Store open(const std::filesystem::path& folder, Access access, const std::string& study = "");
    Store(Store&&) noexcept;
    Store& operator=(Store&&) noexcept;
    ~Store();

    const std::filesystem::path& folder() const;
    std::set<std::string> ids() const;                 ///< of finished trials: completed or diverged (a failed one is run again)
    std::set<std::string> pruned_ids() const;          ///< of trials that a rule ended: done as long as the study has it
    void put(const StoredTrial& trial);                ///< one transaction; an id that is there is replaced
    std::optional<StoredTrial> find(const std::string& id) const;
    /// Samples of a two-feature data set under the name that DecisionMap::samples gives; put again, nothing changes.
    void put_samples(const std::string& name, const Samples& samples);
    std::optional<Samples> samples(const std::string& name) const;
    void put_plan(const Plan& plan);                   ///< replaces the plan that is there
    /// Differs once a trial or another plan has been put, by whatever process: for those who wait for more.
    std::string version() const;
    Plan plan() const;                                 ///< Throws Error when none was put
    void put_used_plugins(const std::vector<UsedPlugin>& plugins);  ///< replaces those that are there
    /// Those of the plan that was put last; empty where an earlier version wrote the store.
    std::vector<UsedPlugin> used_plugins() const;

  private:
    struct Impl;
    explicit Store(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace etude
