#include "interchange/reproduction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/scratch_folder.hpp"
#include "interchange/again.hpp"
#include "interchange/verify.hpp"
#include "report/analysis.hpp"
#include "statistics/holm.hpp"
#include "study/study.hpp"

namespace etude {
namespace {

std::vector<UsedPlugin> used_plugins(const RunRecord& record) {
    std::vector<UsedPlugin> plugins;
    for (const RecordedPlugin& plugin : record.plugins) plugins.push_back({plugin.kind, plugin.name, "", plugin.hash, plugin.build});
    return plugins;
}

/// Files of data sets by their hashes: names and places may be others here.
std::vector<std::string> data_changes(const RunRecord& record, const std::vector<TrialAgain>& trials, const DataPaths& paths) {
    std::set<std::string> here;
    std::vector<const Component*> seen;
    for (const TrialAgain& trial : trials) {
        if (std::ranges::any_of(seen, [&](const Component* one) { return *one == trial.spec.data; })) continue;
        seen.push_back(&trial.spec.data);
        for (const auto& file : dataset_files(trial.spec.data, paths)) here.insert(hex(hash_file(file)));
    }
    std::vector<std::string> changes;
    for (const RecordedData& then : record.data)
        if (!here.empty() && !here.contains(then.hash)) changes.push_back(fmt::format("data file '{}' has other bytes", then.path));
    return changes;
}

/// Finite scores by seed.
std::map<std::uint64_t, double> scores_of(const Results& results, std::size_t configuration) {
    std::map<std::uint64_t, double> scores;
    for (const std::size_t place : results.configurations[configuration].trials)
        if (const TrialResult& trial = results.trials[place]; trial.score && std::isfinite(*trial.score))
            scores.emplace(trial.planned.seed, *trial.score);
    return scores;
}

ConfigurationCheck check(const Results& recorded, const Results& here, std::size_t configuration) {
    const auto then = scores_of(recorded, configuration), now = scores_of(here, configuration);
    ConfigurationCheck check;
    check.configuration = configuration;
    std::vector<double> differences;
    double sum_then = 0, sum_now = 0;
    for (const auto& [seed, score] : then) {
        const auto found = now.find(seed);
        if (found == now.end()) continue;
        differences.push_back(score - found->second);
        sum_then += score, sum_now += found->second;
    }
    check.unmatched = then.size() + now.size() - 2 * differences.size();
    if (differences.empty()) return check;
    check.recorded = sum_then / static_cast<double>(differences.size());
    check.here = sum_now / static_cast<double>(differences.size());
    check.t = paired_t(differences);
    check.ranks = signed_rank(differences);
    return check;
}

bool ranks_can_decide(const std::vector<ConfigurationCheck>& checks) {
    std::size_t fewest = 0, tests = 0;
    for (const ConfigurationCheck& check : checks)
        if (check.t.p) fewest = tests++ == 0 ? check.t.difference.n : std::min(fewest, check.t.difference.n);
    return tests > 0 && std::pow(0.5, static_cast<double>(fewest) - 1) * static_cast<double>(tests) <= significance_level;
}

}  // namespace

StatisticalCheck check_statistics(const Results& recorded, const Results& here) {
    StatisticalCheck result;
    for (std::size_t c = 0; c < recorded.plan.configurations.size(); ++c)
        if (!here.configurations[c].trials.empty()) result.configurations.push_back(check(recorded, here, c));
    result.decided_by_ranks = ranks_can_decide(result.configurations);
    std::vector<double> p_values;
    std::vector<ConfigurationCheck*> tested;
    for (ConfigurationCheck& one : result.configurations) {
        if (!one.t.p) continue;
        p_values.push_back(result.decided_by_ranks ? one.ranks.p : *one.t.p);
        tested.push_back(&one);
    }
    const std::vector<double> adjusted = holm_adjusted(p_values);
    for (std::size_t i = 0; i < tested.size(); ++i) tested[i]->p = adjusted[i];
    const auto is_other = [](const ConfigurationCheck& one) { return one.unmatched > 0 || one.p.value_or(1) <= significance_level; };
    const bool differs = std::ranges::any_of(result.configurations, is_other);
    result.verdict = differs ? Verdict::different : tested.empty() ? Verdict::undecided : Verdict::statistically_equal;
    return result;
}

bool Reproduction::is_bit_equal() const { return std::ranges::all_of(comparisons, &RecordComparison::are_equal); }

Reproduction reproduce(const RunRecord& record, const std::optional<std::size_t>& count, Registry& registry, const DataPaths& data,
                       std::size_t workers) {
    std::map<std::string, std::size_t> place_of;
    for (std::size_t i = 0; i < record.plan.trials.size(); ++i) place_of[record.plan.trials[i].id] = i;
    std::vector<const StoredTrial*> finished;  // one that was pruned ended by what others did, one that failed by what the machine did
    for (const StoredTrial& trial : record.trials)
        if (trial.record.status == Status::completed || trial.record.status == Status::diverged) finished.push_back(&trial);
    if (finished.empty()) throw Error("no trial of the record is finished, so there is nothing to reproduce");
    Reproduction result;
    std::vector<KeptTrial> kept;
    for (const std::size_t place : spread_over(finished.size(), count)) {
        const StoredTrial& trial = *finished[place];
        result.recorded.push_back(trial);
        kept.push_back({trial.id, trial.seed, trial.resolved});
        result.places.push_back(place_of.at(trial.id));
    }
    const std::vector<TrialAgain> again = read_again(kept, record.plan.metric, "a recorded configuration", registry, data);
    result.changes = plugin_changes(used_plugins(record), registry);
    for (std::string& change : data_changes(record, again, data)) result.changes.push_back(std::move(change));
    if (record.numerics != numerics_version) result.changes.push_back(fmt::format("etude's numerics {}, now {}", record.numerics, numerics_version));
    const Provenance here = provenance_here();
    for (const StoredTrial& trial : result.recorded)
        for (std::string& change : changes_since(trial.provenance, here))
            if (std::ranges::find(result.changes, change) == result.changes.end()) result.changes.push_back(std::move(change));
    std::vector<Record> records = run_again(again, registry, data, workers);
    for (std::size_t i = 0; i < records.size(); ++i) {
        result.comparisons.push_back(compare_records(result.recorded[i].record, records[i]));
        result.trials.push_back({again[i].id, kept[i].seed, kept[i].resolved, std::move(records[i]), here});
    }
    return result;
}

Plan plan_of(const Plan& plan, const std::vector<std::size_t>& places, const std::vector<StoredTrial>& trials) {
    Plan part = plan;
    part.trials.clear();
    for (std::size_t i = 0; i < places.size(); ++i) {
        part.trials.push_back(plan.trials[places[i]]);
        part.trials.back().id = trials[i].id;
    }
    return part;
}

Results results_of(const Plan& plan, const std::vector<StoredTrial>& trials, const std::filesystem::path& folder) {
    const ScratchFolder scratch;
    Store store = Store::open(folder.empty() ? scratch.path() : folder, Store::Access::write, plan.study);
    store.put_plan(plan);
    for (const StoredTrial& trial : trials) store.put(trial);
    return load_results(store);
}

}  // namespace etude
