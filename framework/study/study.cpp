#include "study/study.hpp"

#include <algorithm>
#include <set>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "study/assembler.hpp"
#include "study/columns.hpp"
#include "study/common.hpp"
#include "study/document.hpp"
#include "study/emit.hpp"
#include "study/header.hpp"
#include "study/identity.hpp"
#include "study/labels.hpp"
#include "study/limits.hpp"
#include "study/range_study.hpp"
#include "study/resolved.hpp"
#include "study/sweep_filter.hpp"

namespace etude {

namespace {

struct ReadStudy {
    Plan plan;
    std::vector<TrialSpec> configurations;  // seed 0
    std::string text, resolved, warnings;
};

/// A configuration that passed all checks.
struct Found {
    Assignment assignment;
    Assembled trial;
    std::string canonical;
};

/// A file that cannot be read hides what is in it: nothing more can be said of the study then.
Document read_whole(const std::filesystem::path& file, const std::vector<std::string>& overrides, Diagnostics& diagnostics) {
    Document document = read_document(file, overrides, diagnostics);
    if (!document.is_whole) diagnostics.throw_if_any();
    leave_out_rates(document.root, diagnostics);
    return document;
}

/// Reading a study, step by step; each step uses what the ones before it found.
class StudyReader {
  public:
    StudyReader(const std::filesystem::path& file, Registry& registry, const StudySettings& settings)
        : registry_(registry),
          settings_(settings),
          document_(read_whole(file, settings.overrides, diagnostics_)),
          header_(read_header(document_.root, diagnostics_)),
          limits_(read_limits(document_.root, diagnostics_)),
          grid_(Grid::read(document_.root.find("sweep"), diagnostics_)),
          assembler_(document_.root, grid_, registry, settings_, header_.seeds.empty() ? 0 : header_.seeds.front(), diagnostics_),
          filter_(grid_, assembler_, diagnostics_) {}

    ReadStudy read() {
        assembler_.check_written();
        check_size();
        find_configurations();
        check_against_header();
        check_against_limits();
        diagnostics_.throw_if_any();
        fill_plan();
        report_warnings();
        result_.text = document_.text;
        result_.resolved = resolved_study(document_.root, result_.plan, header_, common_, assembler_.notes());
        result_.warnings = diagnostics_.render();
        for (const std::string& note : assembler_.notes()) result_.warnings += "note: " + note + "\n";
        return std::move(result_);
    }

  private:
    const Place& sweep_place() const {
        const Entry* sweep = document_.root.find_entry("sweep");
        return sweep == nullptr ? document_.root.place : sweep->key_place;
    }

    void check_size() {
        const auto size = grid_.size();
        const std::uint64_t seeds = std::max<std::uint64_t>(1, header_.seeds.size());
        if (!size || *size * seeds > max_trials)
            diagnostics_.error(sweep_place(),
                               "more than " + std::to_string(max_trials) + " trials" + (size ? " (" + std::to_string(*size * seeds) + ")" : ""),
                               "sweep fewer values");
        else if (*size > max_configurations)
            diagnostics_.error(sweep_place(), "more than " + std::to_string(max_configurations) + " configurations (" + std::to_string(*size) + ")",
                               "sweep fewer values");
        else
            assignments_ = *size;
    }

    void find_configurations() {
        constexpr std::size_t enough_errors = 200;  // a wrong grid of thousands need not be shown whole
        std::set<std::string> seen;
        std::size_t failures = 0;
        for (std::uint64_t i = 0; i < assignments_ && failures < enough_errors; ++i) {
            auto assignment = filter_.kept(grid_.at(i));
            if (!assignment) continue;
            auto trial = assembler_.assemble(*assignment);
            if (!trial) {
                ++failures;
                continue;
            }
            // Two blocks may name one trial; it stands at its first place.
            std::string canonical = canonical_text(trial->spec, registry_, file_hashes(*trial));
            if (seen.insert(canonical).second) found_.push_back({std::move(*assignment), std::move(*trial), std::move(canonical)});
        }
        const auto is_good = [&] { return failures == 0 && !diagnostics_.has_errors(); };  // all was seen
        if (is_good()) filter_.report_exclusions();
        if (!filter_.kept_any() && assignments_ > 0) diagnostics_.error(sweep_place(), "everything is excluded; no trial is left");
        if (is_good()) filter_.report_conditions();
    }

    /// Once for each data set; one whose files cannot be read has been reported with its outline.
    const std::vector<std::uint64_t>& file_hashes(const Assembled& trial) {
        const auto [found, is_new] = hashes_of_data_.try_emplace(trial.data);
        if (is_new) found->second = hashes_.of(dataset_files(trial.spec.data, settings_.data));
        return found->second;
    }

    void check_against_header() {
        if (found_.empty()) return check_header_names(header_, diagnostics_);
        result_.plan.metric = resolved_metric(header_, found_.front().trial.metrics);
        for (const Found& found : found_)
            check_header(header_, result_.plan.metric, found.trial.metrics, found.trial.spec.train.epochs, diagnostics_);
    }

    void check_against_limits() {
        if (found_.empty()) return;
        PrunedStudy study{.configurations = found_.size(), .seeds = header_.tune_seeds > 0 ? header_.tune_seeds : header_.seeds.size()};
        const auto [fewest, most] = std::ranges::minmax_element(found_, {}, [](const Found& found) { return found.trial.spec.train.epochs; });
        study.fewest_epochs = fewest->trial.spec.train.epochs;
        study.most_epochs = most->trial.spec.train.epochs;
        study.is_range_test = found_.front().trial.spec.range_test.has_value();
        check_pruning(limits_, study, diagnostics_);
        check_early_stop();
    }

    /// One that comes too late for every trial does nothing.
    void check_early_stop() {
        const auto earliest = [](const TrialSpec& trial) { return std::max(trial.early_stop->patience + 1, trial.early_stop->min_epochs); };
        const auto is_late = [&](const Found& found) {
            const TrialSpec& trial = found.trial.spec;
            return trial.early_stop && earliest(trial) >= trial.train.epochs;
        };
        if (!std::ranges::all_of(found_, is_late)) return;
        const TrialSpec& first = found_.front().trial.spec;
        const Entry* const entry = document_.root.find_entry("early_stop");
        diagnostics_.warning(entry == nullptr ? sweep_place() : entry->key_place,
                             "early_stop ends nothing early: it could after epoch " + std::to_string(earliest(first)) + " of " +
                                 std::to_string(first.train.epochs) + " at the earliest",
                             "`patience` counts epochs that are not better, and the first one is the best so far");
    }

    /// Every configuration has its first seed before any has its second.
    bool is_in_budget(std::size_t configuration, std::size_t seed) const {
        return !limits_.trials || seed * found_.size() + configuration < *limits_.trials;
    }

    void apply_budget() {
        const std::size_t all = found_.size() * header_.seeds.size();
        if (!limits_.trials || *limits_.trials >= all) return;
        if (*limits_.trials < found_.size()) found_.resize(*limits_.trials);
        result_.plan.warnings.push_back("budget: the first " + std::to_string(*limits_.trials) + " of " + std::to_string(all) +
                                        " trials, the first seed of every configuration before any second one");
    }

    void fill_plan() {
        apply_budget();
        Plan& plan = result_.plan;
        plan.seconds = limits_.seconds;
        if (found_.size() > 1) plan.pruning = limits_.pruning;
        plan.study = header_.study;
        plan.question = header_.question;
        plan.target = header_.target;
        const std::vector<Path> columns = swept_columns(grid_);
        for (const Path& column : columns) plan.columns.push_back(path_text(column));
        plan.metrics = all_metrics();
        const Labels labels(grid_);
        for (Found& found : found_) {
            const Node resolved = trial_node(found.trial.spec);
            common_.add(resolved);
            Configuration configuration{{}, labels.of(found.assignment), yaml_of(resolved)};
            for (const Path& column : columns)
                configuration.cells.push_back(cell_text(find_at(resolved, column), assembler_.written(found.assignment, column)));
            const std::uint64_t hash = hash_bytes(found.canonical);
            for (std::size_t place = 0; place < header_.seeds.size(); ++place) {
                const std::uint64_t seed = header_.seeds[place];
                if (!is_in_budget(plan.configurations.size(), place)) break;
                plan.trials.push_back({id_of(hash, seed), seed, plan.configurations.size(), seed_role(header_, place)});
            }
            plan.configurations.push_back(std::move(configuration));
            result_.configurations.push_back(std::move(found.trial.spec));
        }
        make_distinct(plan.configurations, plan.columns, result_.configurations.front().optimizer.name);
    }

    /// Each reason once, with the number of trials it concerns; the report repeats them.
    void report_warnings() {
        struct Tally {
            PlacedWarning first;
            std::size_t configurations = 0;
        };
        std::vector<Tally> tallies;  // by reason
        const auto count = [&](const PlacedWarning& warning) {
            const auto known = std::ranges::find_if(tallies,
                                                    [&](const Tally& tally) { return tally.first.warning.reason == warning.warning.reason; });
            ++(known != tallies.end() ? *known : tallies.emplace_back(Tally{warning})).configurations;
        };
        for (const Found& found : found_) {
            std::set<FitWarning::Reason> seen;  // two milestones of one schedule are one trial
            for (const PlacedWarning& warning : found.trial.warnings)
                if (seen.insert(warning.warning.reason).second) count(warning);
        }
        count_absolute_rates(count);
        const std::size_t seeds = header_.seeds.size(), all = found_.size();
        for (const auto& [placed, configurations] : tallies) {
            const std::string share = configurations == all ? "all" : std::to_string(configurations * seeds) + " of";
            const std::string message = placed.warning.message +
                                        (all * seeds == 1 ? "" : " (" + share + " " + std::to_string(all * seeds) + " trials)");
            diagnostics_.warning(placed.place, message, placed.warning.hint);
            result_.plan.warnings.push_back(message);
        }
    }

    /// Trials of one schedule that differ in their base rate, and all of whose rates are the same.
    template <class F>
    void count_absolute_rates(F&& count) {
        using Key = std::pair<std::size_t, RunLength>;
        std::map<Key, std::vector<std::size_t>> of_schedule;
        const auto rate = [&](std::size_t i) { return result_.configurations[i].optimizer.lr; };
        for (std::size_t i = 0; i < found_.size(); ++i) {
            const Assembled& trial = found_[i].trial;
            of_schedule[{trial.schedule, trial.length}].push_back(i);
        }
        for (const auto& [key, trials] : of_schedule) {
            std::map<double, std::size_t> bases;
            for (const std::size_t i : trials) bases.emplace(rate(i), i);
            const std::size_t first = bases.begin()->second;
            const ScheduleSpec& schedule = result_.configurations[first].schedule;
            const bool is_absolute = bases.size() > 1 && std::ranges::all_of(bases, [&](const auto& base) {
                                         return same_rates(SchedulePlugins(registry_, schedule), schedule, rate(first),
                                                           result_.configurations[base.second].schedule, base.first, found_[first].trial.length, 0);
                                     });
            if (!is_absolute) continue;
            for (std::size_t i = 0; i < trials.size(); ++i)
                count({{FitWarning::Reason::absolute,
                        "schedule '" + schedule.name + "': every rate is absolute, so that the swept optimizer.lr has no effect",
                        "`_ratio` keys are relative to the base rate"},
                       found_[first].trial.schedule_place});
        }
    }

    /// Of all trials, in column order.
    std::vector<std::string> all_metrics() const {
        std::vector<std::string> all = found_.front().trial.metrics;
        for (const Found& found : found_)
            for (const std::string& metric : found.trial.metrics)
                if (std::ranges::find(all, metric) == all.end()) all.push_back(metric);
        return all;
    }

    Diagnostics diagnostics_;
    Registry& registry_;
    const StudySettings& settings_;
    ReadStudy result_;
    Document document_;
    Header header_;
    Limits limits_;
    Grid grid_;
    Assembler assembler_;
    SweepFilter filter_;
    std::uint64_t assignments_ = 0;
    std::vector<Found> found_;
    FileHashes hashes_;
    std::map<std::size_t, std::vector<std::uint64_t>> hashes_of_data_;
    CommonTree common_;
};

}  // namespace

struct Study::Impl : ReadStudy {};

Study Study::read(const std::filesystem::path& file, Registry& registry, const StudySettings& settings) {
    return Study(std::make_unique<Impl>(Impl{StudyReader(file, registry, settings).read()}));
}

Study::Study(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Study::Study(Study&&) noexcept = default;
Study& Study::operator=(Study&&) noexcept = default;
Study::~Study() = default;

const std::string& Study::name() const { return impl_->plan.study; }
const Plan& Study::plan() const { return impl_->plan; }
const std::string& Study::text() const { return impl_->text; }
const std::string& Study::warnings() const { return impl_->warnings; }
std::string Study::resolved() const { return impl_->resolved; }

TrialSpec Study::trial(std::size_t i) const {
    const PlannedTrial& planned = impl_->plan.trials.at(i);
    TrialSpec trial = impl_->configurations[planned.configuration];
    trial.seed = planned.seed;
    return trial;
}

}  // namespace etude
