#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "interchange/merge.hpp"
#include "study/columns.hpp"
#include "study/labels.hpp"

namespace etude {
namespace {

template <class T>
void add_missing(std::vector<T>& all, const std::vector<T>& more) {
    for (const T& one : more)
        if (std::ranges::find(all, one) == all.end()) all.push_back(one);
}

bool splits_seeds(const Plan& plan) {
    return std::ranges::any_of(plan.trials, [](const PlannedTrial& trial) { return trial.role != SeedRole::both; });
}

void require_one_study(const std::vector<Plan>& plans, const std::vector<std::string>& names) {
    const Plan& first = plans.front();
    const auto refuse = [&](std::size_t i, const std::string& why) {
        throw Error(names[0] + " and " + names[i] + ": " + why,
                    "only shards of one study can be merged; `etude compare` sets different ones side by side");
    };
    for (std::size_t i = 1; i < plans.size(); ++i) {
        if (plans[i].study != first.study) refuse(i, "hold results of two studies, '" + first.study + "' and '" + plans[i].study + "'");
        if (plans[i].metric != first.metric)
            refuse(i, "rank by two metrics, " + first.metric.name + " and " + plans[i].metric.name + ", or at other epochs");
        if (plans[i].target != first.target) refuse(i, "have two targets");
        if ((plans[i].pruning || first.pruning) && plans[i] != first)
            refuse(i, "a rule ended configurations early by what ran beside them, which is not the same in both");
        if (splits_seeds(plans[i]) != splits_seeds(first)) refuse(i, "one splits its seeds into tune and report, the other does not");
    }
}

/// What a resolved configuration says, for columns that its own plan did not sweep.
class ResolvedText {
  public:
    explicit ResolvedText(const std::string& text) {
        const auto source = std::make_shared<const Source>(Source{"resolved configuration", text});
        Diagnostics diagnostics;
        if (auto root = parse_yaml({source}, diagnostics)) root_ = std::move(*root);
    }
    std::string cell(const std::string& column) const { return cell_text(find_at(root_, parse_path(column)), nullptr); }
    /// The name that a configuration gets when nothing is swept.
    std::string optimizer() const { return cell("optimizer.name"); }

  private:
    Node root_;
};

Configuration with_columns(const Configuration& configuration, const Plan& from, const std::vector<std::string>& columns) {
    Configuration wider{{}, configuration.label, configuration.resolved};
    std::optional<ResolvedText> resolved;  // read only when it is needed
    for (const std::string& column : columns) {
        const auto found = std::ranges::find(from.columns, column);
        if (found != from.columns.end()) {
            wider.cells.push_back(configuration.cells[static_cast<std::size_t>(found - from.columns.begin())]);
            continue;
        }
        if (!resolved) resolved.emplace(configuration.resolved);
        wider.cells.push_back(resolved->cell(column));
    }
    return wider;
}

/// The trials of all plans, each once.
class TrialUnion {
  public:
    TrialUnion(const std::vector<std::string>& names, Plan& merged) : names_(names), merged_(merged) {}

    /// `places`: of the plan's configurations in the merged plan.
    void add(const Plan& plan, std::size_t shard, const std::vector<std::size_t>& places) {
        for (PlannedTrial trial : plan.trials) {
            trial.configuration = places[trial.configuration];
            const auto [known, is_new] = first_.try_emplace({trial.configuration, trial.seed}, trial.id, shard);
            if (is_new) merged_.trials.push_back(std::move(trial));
            else if (known->second.first != trial.id) refuse(trial, known->second, shard);
        }
    }

  private:
    void refuse(const PlannedTrial& trial, const std::pair<std::string, std::size_t>& known, std::size_t shard) const {
        throw Error(names_[known.second] + " and " + names_[shard] + ": the trial '" + merged_.configurations[trial.configuration].label +
                        "', seed " + std::to_string(trial.seed) + " has the id " + known.first + " in one and " + trial.id + " in the other",
                    "they ran with other bytes of plugins or data, or another etude: run one of them again with those of the other");
    }

    const std::vector<std::string>& names_;
    Plan& merged_;
    std::map<std::pair<std::size_t, std::uint64_t>, std::pair<std::string, std::size_t>> first_;  // configuration and seed to id and shard
};

/// A shard of one configuration calls it by its optimizer; among others it is called by its cells.
void make_labels(Plan& merged, const std::vector<Plan>& plans) {
    if (merged.configurations.size() == 1) return;
    std::set<std::string> alone;
    for (const Plan& plan : plans)
        if (plan.configurations.size() == 1) alone.insert(plan.configurations.front().resolved);
    for (Configuration& configuration : merged.configurations)
        if (alone.contains(configuration.resolved) && configuration.label == ResolvedText(configuration.resolved).optimizer())
            configuration.label.clear();
    make_distinct(merged.configurations, merged.columns, "");
}

}  // namespace

Plan merge_plans(const std::vector<Plan>& plans, const std::vector<std::string>& names) {
    require_one_study(plans, names);
    Plan merged = plans.front();  // what a study has one of
    merged.configurations.clear();
    merged.trials.clear();
    for (const Plan& plan : plans) {
        add_missing(merged.columns, plan.columns);
        add_missing(merged.metrics, plan.metrics);
        add_missing(merged.warnings, plan.warnings);
    }
    std::map<std::string, std::size_t> place_of;  // by resolved text
    TrialUnion trials(names, merged);
    for (std::size_t shard = 0; shard < plans.size(); ++shard) {
        std::vector<std::size_t> places;
        for (const Configuration& configuration : plans[shard].configurations) {
            const auto [known, is_new] = place_of.try_emplace(configuration.resolved, merged.configurations.size());
            if (is_new) merged.configurations.push_back(with_columns(configuration, plans[shard], merged.columns));
            places.push_back(known->second);
        }
        trials.add(plans[shard], shard, places);
    }
    std::ranges::sort(merged.trials, {}, [](const PlannedTrial& trial) { return std::pair(trial.configuration, trial.seed); });
    make_labels(merged, plans);
    return merged;
}

}  // namespace etude
