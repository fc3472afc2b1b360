#include "interchange/merge.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "store/used_plugins.hpp"

namespace etude {
namespace {

namespace fs = std::filesystem;

/// The parts of a resolved study that two shards may differ in, and the rest.
struct ResolvedParts {
    std::string head;   ///< up to the line of the seeds
    std::string seeds;  ///< that line
    std::string rest;   ///< from there to the sweep
    std::string sweep;  ///< the lines below `sweep:`
};

ResolvedParts parts_of(const std::string& text) {
    ResolvedParts parts;
    bool in_sweep = false;
    for (const std::string& line : split(text, '\n')) {
        if (line == "sweep:") in_sweep = true;
        else if (in_sweep && !line.empty()) parts.sweep += line + "\n";
        else if (line.starts_with("seeds:")) parts.seeds = line;
        else if (!line.empty()) (parts.seeds.empty() ? parts.head : parts.rest) += line + "\n";
    }
    return parts;
}

/// A sweep as entries of a list of blocks.
std::string as_blocks(const std::string& sweep) {
    if (sweep.starts_with("  - ") || sweep.empty()) return sweep.empty() ? "  - {}\n" : sweep;
    std::string blocks, first = "  - ";
    for (const std::string& line : split(sweep, '\n'))
        if (!line.empty()) blocks += std::exchange(first, "    ") + line.substr(2) + "\n";
    return blocks;
}

std::string seeds_line(const Plan& plan) {
    std::set<std::uint64_t> seeds;
    for (const PlannedTrial& trial : plan.trials) seeds.insert(trial.seed);
    if (*seeds.rbegin() + 1 == seeds.size()) return "seeds: " + std::to_string(seeds.size());  // 0, 1, 2, ...
    std::string list;
    for (const std::uint64_t seed : seeds) list += (list.empty() ? "" : ", ") + std::to_string(seed);
    return "seeds: [" + list + "]";
}

std::string trial_name(const Plan& plan, const std::string& id) {
    const auto found = std::ranges::find(plan.trials, id, &PlannedTrial::id);
    if (found == plan.trials.end()) return id;
    return id + " (" + plan.configurations[found->configuration].label + ", seed " + std::to_string(found->seed) + ")";
}

bool is_finished(const Record& record) { return record.status == Status::completed || record.status == Status::diverged; }

/// Puts the trials of one shard after another into the new store.
class Merger {
  public:
    Merger(Store& out, const Plan& plan, MergeResult& result) : out_(out), plan_(plan), result_(result) {}

    void add(const Store& shard) {
        std::set<std::string> ids = shard.ids();
        for (const PlannedTrial& trial : shard.plan().trials) ids.insert(trial.id);  // those that failed too
        for (const std::string& id : ids)
            if (const auto trial = shard.find(id)) add(shard, *trial);
    }

  private:
    void add(const Store& shard, const StoredTrial& trial) {
        const auto known = from_.find(trial.id);
        if (known == from_.end()) return put(shard, trial);
        ++result_.duplicates;
        const StoredTrial kept = out_.find(trial.id).value();
        if (is_finished(trial.record) && !is_finished(kept.record)) return put(shard, trial);
        if (is_finished(trial.record) != is_finished(kept.record)) return;
        RecordComparison comparison = compare_records(kept.record, trial.record);
        if (!comparison.are_equal()) result_.conflicts.push_back({trial_name(plan_, trial.id), known->second, shard.folder(), std::move(comparison)});
    }

    void put(const Store& shard, const StoredTrial& trial) {
        if (trial.record.decision)
            if (const auto samples = shard.samples(trial.record.decision->samples)) out_.put_samples(trial.record.decision->samples, *samples);
        out_.put(trial);
        result_.trials += from_.insert_or_assign(trial.id, shard.folder()).second;
    }

    Store& out_;
    const Plan& plan_;
    MergeResult& result_;
    std::map<std::string, fs::path> from_;  // where a trial was taken
};

/// Of all shards: the same bytes once, wherever each found them.
std::vector<UsedPlugin> used_plugins_of(const std::vector<Store>& shards) {
    std::vector<UsedPlugin> all;
    for (const Store& shard : shards)
        for (UsedPlugin& plugin : shard.used_plugins()) {
            const auto is_same = [&](const UsedPlugin& known) {
                return known.kind == plugin.kind && known.name == plugin.name && known.hash == plugin.hash;
            };
            if (std::ranges::none_of(all, is_same)) all.push_back(std::move(plugin));
        }
    return all;
}

/// The file of that name in every folder; empty where there is none.
std::vector<std::string> texts_of(const std::vector<fs::path>& folders, const char* name) {
    std::vector<std::string> texts;
    for (const fs::path& folder : folders) texts.push_back(fs::exists(folder / name) ? read_file(folder / name) : "");
    return texts;
}

}  // namespace

std::optional<std::string> merge_resolved(const std::vector<std::string>& texts, const Plan& merged) {
    if (std::ranges::all_of(texts, [&](const std::string& text) { return text == texts.front(); }))
        return texts.front().empty() ? std::nullopt : std::optional(texts.front());
    std::vector<ResolvedParts> shards;
    for (const std::string& text : texts) shards.push_back(parts_of(text));
    const ResolvedParts& first = shards.front();
    std::vector<std::string> sweeps;
    bool same_seeds = true;
    for (const ResolvedParts& shard : shards) {
        if (shard.head != first.head || shard.rest != first.rest || shard.head.empty()) return std::nullopt;
        same_seeds = same_seeds && shard.seeds == first.seeds;
        if (std::ranges::find(sweeps, shard.sweep) == sweeps.end()) sweeps.push_back(shard.sweep);
    }
    const bool is_split = std::ranges::any_of(merged.trials, [](const PlannedTrial& trial) { return trial.role != SeedRole::both; });
    if (is_split && !same_seeds) return std::nullopt;
    std::string text = first.head + (same_seeds ? first.seeds : seeds_line(merged)) + "\n" + first.rest;
    if (sweeps.size() == 1) return first.sweep.empty() ? text : text + "sweep:\n" + first.sweep;
    text += "sweep:\n";
    for (const std::string& sweep : sweeps) text += as_blocks(sweep);
    return text;
}

MergeResult merge_folders(const std::vector<fs::path>& folders, const fs::path& out) {
    if (fs::exists(out / "etude.sqlite")) throw Error(out.string() + ": holds results already", "choose an empty or new folder with `--out`");
    std::vector<Store> shards;
    std::vector<Plan> plans;
    std::vector<std::string> names;
    for (const fs::path& folder : folders) {
        shards.push_back(Store::open(folder, Store::Access::read));
        plans.push_back(shards.back().plan());
        names.push_back(folder.string());
    }
    const Plan plan = merge_plans(plans, names);
    Store store = Store::open(out, Store::Access::write, plan.study);
    store.put_plan(plan);
    store.put_used_plugins(used_plugins_of(shards));
    MergeResult result;
    Merger merger(store, plan, result);
    for (const Store& shard : shards) merger.add(shard);
    if (const auto resolved = merge_resolved(texts_of(folders, "resolved.yaml"), plan)) {
        write_file(out / "resolved.yaml", *resolved);
        result.can_resume = true;
    }
    const std::vector<std::string> studies = texts_of(folders, "study.yaml");
    if (!studies.front().empty()) write_file(out / "study.yaml", studies.front());
    return result;
}

}  // namespace etude
