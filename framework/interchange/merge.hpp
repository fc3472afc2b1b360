// framework/interchange/merge.hpp - shards of one study made one: the union of their plans, and all their trials with their provenance.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "interchange/differences.hpp"
#include "store/store.hpp"

namespace etude {

/// One trial of two folders whose results are not the same; those of the first are kept.
struct MergeConflict {
    std::string id;
    std::filesystem::path kept, other;
    RecordComparison comparison;
};

struct MergeResult {
    std::size_t trials = 0;      ///< put into the new folder
    std::size_t duplicates = 0;  ///< results that another folder had already, equal or not
    std::vector<MergeConflict> conflicts;
    bool can_resume = false;     ///< resolved.yaml could be written: `etude run` on the folder continues
};

/// The plan of all: columns, configurations and metrics in the order of the folders, seeds ascending. A column that a shard did not sweep is
/// filled from its resolved configurations. `names`: of the plans, for messages.
/// Throws Error for plans of two studies, of two metrics, targets or splits of the seeds, and when one configuration and seed have two ids (the
/// bytes of plugins or data differ between the shards).
Plan merge_plans(const std::vector<Plan>& plans, const std::vector<std::string>& names);

/// The resolved study of all, from those of the shards: nothing when they differ in more than their seeds and sweeps.
std::optional<std::string> merge_resolved(const std::vector<std::string>& texts, const Plan& merged);

/// Merges `folders` into `out`, which must hold no results. A finished result wins over a failed one, else the first one stays.
MergeResult merge_folders(const std::vector<std::filesystem::path>& folders, const std::filesystem::path& out);

}  // namespace etude
