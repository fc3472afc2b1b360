// framework/study/assembler.hpp - assignments of a sweep to checked trials.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "data/catalogue.hpp"
#include "plugin/bound.hpp"
#include "plugin/fit.hpp"
#include "study/parameter_schedules.hpp"
#include "study/part_trees.hpp"
#include "study/rate_finder.hpp"
#include "study/rates.hpp"

namespace etude {

/// A schedule that does not fit its run, at the place where a study says so.
struct PlacedWarning {
    FitWarning warning;
    Place place;
};

/// A checked trial, its seed left at 0.
struct Assembled {
    TrialSpec spec;
    std::vector<std::string> metrics;  ///< that it records, in column order
    std::size_t data = 0;              ///< number of its data set among those of the study
    std::size_t schedule = 0;          ///< likewise of its schedule as written
    Place schedule_place;
    RunLength length;
    std::vector<PlacedWarning> warnings = {};
};

class Assembler {
  public:
    /// Everything given outlives it. `first_seed`: for schedules that are evaluated before the run.
    Assembler(const Node& root, const Grid& grid, Registry& registry, const StudySettings& settings, std::uint64_t first_seed, Diagnostics& diagnostics);

    /// Checks the parts as written in the file, those that a sweep replaces included.
    void check_written();
    /// Nothing after an error.
    std::optional<Assembled> assemble(const Assignment& assignment);
    /// A line for each rate that a range test found.
    const std::vector<std::string>& notes() const { return finder_.notes(); }
    /// What the assignment puts at `path`, as written; nullptr when nothing stands there.
    const Node* written(const Assignment& assignment, const Path& path);

  private:
    template <class T>
    struct Part {
        PartTrees trees;
        std::map<std::size_t, std::optional<T>> values{};  // by number
    };
    struct DataPart {
        Component component;
        DatasetOutline outline;
    };
    struct Numbers {
        std::size_t data = 0, model = 0, loss = 0, train = 0, optimizer = 0, schedule = 0, schedules = 0, groups = 0;
        std::string found_rates = {};  // the schedule's text when a range test gave it rates
    };
    /// Never null; what they point to is empty after an error.
    struct Parts {
        Numbers numbers;
        const std::optional<DataPart>* data = nullptr;
        const std::optional<ModelSpec>* model = nullptr;
        const std::optional<Component>* loss = nullptr;
        const std::optional<TrainSpec>* train = nullptr;
        const std::optional<OptimizerSpec>* optimizer = nullptr;
        const std::optional<std::monostate>* schedule = nullptr;
        const std::optional<std::monostate>* schedules = nullptr;
        const std::optional<std::monostate>* groups = nullptr;
        const std::optional<std::optional<double>>* divergence = nullptr;
        const std::optional<std::optional<RangeTestSpec>>* range_test = nullptr;
        const std::optional<std::optional<EarlyStopSpec>>* early_stop = nullptr;
        const std::optional<RecordSpec>* record = nullptr;
    };

    template <class T, class F>
    std::pair<std::size_t, const std::optional<T>*> value_of(Part<T>& part, const Assignment& assignment, F&& read);
    Parts parts_of(const Assignment& assignment);
    const Node* required_part(const PartTree& tree, const std::string& name);
    std::optional<DataPart> read_data_part(const PartTree& tree);
    Node without_rate_request(const Node& optimizer);
    bool find_base_rate(const Numbers& numbers, TrialSpec& spec);
    const std::optional<ScheduleSpec>& schedule_of(const Numbers& numbers, const Node& node, double base_lr, const std::vector<std::string>& metrics);
    std::optional<Node> schedule_node(Numbers& numbers, const TrialSpec& spec, bool can_test);
    bool model_fits(const Numbers& numbers, const TrialSpec& spec, const DatasetOutline& outline);
    const std::optional<OtherSchedules>& schedules_of(const Numbers& numbers, const OptimizerSpec& optimizer, const TrainSpec& train,
                                                      const std::vector<std::string>& metrics);
    const std::optional<std::vector<ParameterGroup>>& groups_of(const Numbers& numbers, const OptimizerSpec& optimizer);
    bool groups_fit(const Numbers& numbers, const std::vector<ParameterGroup>& groups, const TrialSpec& spec, const DatasetOutline& outline);
    /// What a schedule's evaluation over its run found; an error has been reported.
    struct Held {
        bool good = true;
        std::vector<PlacedWarning> warnings = {};
    };
    const Held& schedule_held(const Numbers& numbers, const TrialSpec& spec, const RunLength& length);
    const Held& schedules_held(const Numbers& numbers, const TrialSpec& spec, const RunLength& length);
    std::optional<RunLength> run_length(const Numbers& numbers, const TrialSpec& spec, const std::optional<ScheduleSpec>& batch, std::size_t samples);
    std::optional<RunLength> steady_length(const Numbers& numbers, const TrainSpec& train, std::uint64_t accumulated, std::size_t samples);
    std::optional<RunLength> scheduled_length(const Numbers& numbers, TrialSpec spec, const ScheduleSpec& batch, std::size_t samples);
    const Place& place_of_schedule(const Numbers& numbers, const std::string& path);
    /// With the metric that is watched unless another is given; nothing after an error.
    std::optional<EarlyStopSpec> early_stop_of(const EarlyStopSpec& given, const Assignment& assignment, const std::vector<std::string>& metrics);
    void warn_of_late_average(const Numbers& numbers, const OptimizerSpec& optimizer, const RunLength& length);
    PartTrees* trees_of(std::string_view name);

    const Node& root_;
    Registry& registry_;
    const DataPaths& paths_;
    std::uint64_t first_seed_;
    Diagnostics& diagnostics_;
    RateFinder finder_;
    Node default_schedule_;

    Part<DataPart> data_;
    Part<ModelSpec> model_;
    Part<Component> loss_;
    Part<TrainSpec> train_;
    Part<OptimizerSpec> optimizer_;
    Part<std::monostate> schedule_;  // its values depend on the base rate and the metrics too
    Part<std::monostate> parameter_schedules_;  // likewise of the optimizer's values
    Part<std::monostate> groups_;               // likewise
    Part<std::optional<double>> divergence_;
    Part<std::optional<RangeTestSpec>> range_test_;
    Part<std::optional<EarlyStopSpec>> early_stop_;
    Part<RecordSpec> record_;
    std::map<std::tuple<std::size_t, std::string, double, std::vector<std::string>>, std::optional<ScheduleSpec>> schedules_;
    std::map<std::tuple<std::size_t, std::size_t, std::size_t, std::vector<std::string>>, std::optional<OtherSchedules>> resolved_schedules_;  // schedules, optimizer, train, metrics
    std::map<std::tuple<std::size_t, std::size_t>, std::optional<std::vector<ParameterGroup>>> resolved_groups_;
    std::map<std::tuple<std::size_t, std::size_t, std::size_t>, bool> fitting_groups_;                              // groups, data, model
    std::map<std::tuple<std::size_t, std::size_t, std::size_t>, bool> fitting_;                                     // data, model, loss
    /// Data, train, accumulate, and the schedules where one is of the batch.
    std::map<std::tuple<std::size_t, std::size_t, std::uint64_t, std::optional<std::size_t>>, std::optional<RunLength>> lengths_;
    std::set<std::size_t> late_averages_;  // optimizers that were warned of
    std::map<std::tuple<std::size_t, std::string, double, std::vector<std::string>, RunLength>, Held> held_;            // schedule, base, metrics
    std::map<std::tuple<std::size_t, std::size_t, std::size_t, RunLength>, Held> held_schedules_;                       // schedules, optimizer, groups
};

}  // namespace etude
