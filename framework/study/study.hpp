// framework/study/study.hpp - a study file: read, checked, expanded to trials.
//
// Values only: no YAML nodes and no plugin pointers leave this folder.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "data/catalogue.hpp"
#include "plugin/registry.hpp"
#include "train/plan.hpp"
#include "train/record.hpp"
#include "train/trial.hpp"

namespace etude {

struct StudySettings {
    std::vector<std::string> overrides;  ///< `path=value`, in order
    DataPaths data;
    /// Trains the range tests that `{find_lr: ...}` asks for (sweep/trainers.hpp). Without it such a study is refused.
    using Train = std::function<std::vector<Record>(const std::vector<TrialSpec>&)>;
    Train train = {};
};

/// A checked study. Thread safety: const after reading.
class Study {
  public:
    /// Reads `file` with its includes and overrides and checks everything that is written and every resolved trial, schedules over the whole
    /// run included. Throws DiagnosticsError with all errors of all files at once, or Error when the file cannot be read.
    static Study read(const std::filesystem::path& file, Registry& registry, const StudySettings& settings);
    Study(Study&&) noexcept;
    Study& operator=(Study&&) noexcept;
    ~Study();

    const std::string& name() const;
    const Plan& plan() const;
    /// Trial i of the plan, built when asked for.
    TrialSpec trial(std::size_t i) const;
    /// The study file's text, as given.
    const std::string& text() const;
    /// study, question, metric, seeds, sweep and the resolved base, every default filled in, as YAML.
    std::string resolved() const;
    /// Warnings found on the way, rendered; may be empty.
    const std::string& warnings() const;

  private:
    struct Impl;
    explicit Study(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// The identity of a trial: 16 hex digits over everything that decides its numbers (design, section 3), with the bytes of the plugins
/// and data files it uses. `file_hashes`: of the data set's files and of files named by the study.
std::string trial_id(const TrialSpec& trial, Registry& registry, const std::vector<std::uint64_t>& file_hashes);
/// Raised whenever a layer's, loss's or the loop's arithmetic changes.
inline constexpr int numerics_version = 2;

/// SPEC of `etude schedule` and `etude optimizer`: a YAML flow mapping, or a name followed by `param=value` (separated by blanks).
/// Messages show it as argument. Throws DiagnosticsError.
ScheduleSpec read_schedule_argument(const std::string& spec, double base_lr, Registry& registry);
OptimizerSpec read_optimizer_argument(const std::string& spec, Registry& registry);
/// A bare data set name or `{name: ..., ...}` for `etude data`.
Component read_data_argument(const std::string& spec);

}  // namespace etude
