#include "study/sweep_filter.hpp"

#include <algorithm>

namespace etude {

std::optional<Assignment> SweepFilter::kept(Assignment assignment) {
    const std::vector<const Track*> conditional = grid_.blocks()[assignment.block].conditional_tracks();
    assignment.off = conditional;
    for (const Track* track : conditional) {
        if (!holds(*track->when, assignment)) continue;
        met_conditions_.insert(&*track->when);
        std::erase(assignment.off, track);
    }
    if (is_repeated(assignment) || is_excluded(assignment)) return std::nullopt;
    kept_any_ = true;
    return assignment;
}

bool SweepFilter::is_repeated(const Assignment& assignment) const {
    const Block& block = grid_.blocks()[assignment.block];
    if (block.conditional_tracks().empty()) return false;
    const auto is_off = [&](const Track& track) { return std::ranges::find(assignment.off, &track) != assignment.off.end(); };
    for (std::size_t axis = 0; axis < block.axes.size(); ++axis)
        if (assignment.picks[axis] > 0 && std::ranges::all_of(block.axes[axis].tracks, is_off)) return true;
    return false;
}

bool SweepFilter::holds(const AxisCondition& condition, const Assignment& assignment) {
    return std::ranges::all_of(condition.parts, [&](const AxisCondition::Part& part) {
        const Node* value = chosen(assignment, part.path);
        if (value != nullptr) known_conditions_.insert(&part);
        return value != nullptr && std::ranges::any_of(part.values, [&](const Node& wanted) { return same_meaning(*value, wanted); });
    });
}

bool SweepFilter::is_excluded(const Assignment& assignment) {
    bool excluded = false;
    for (const Exclusion& exclusion : grid_.blocks()[assignment.block].exclusions) {
        if (!matches(exclusion, assignment)) continue;
        used_exclusions_.insert(&exclusion);
        excluded = true;
    }
    return excluded;
}

bool SweepFilter::matches(const Exclusion& exclusion, const Assignment& assignment) {
    return std::ranges::all_of(exclusion.values, [&](const auto& pair) {
        const Node* value = chosen(assignment, pair.first);
        return value != nullptr && same_meaning(*value, pair.second);
    });
}

/// The value that an axis of this very path takes, else what the assignment makes of the path.
const Node* SweepFilter::chosen(const Assignment& assignment, const Path& path) {
    const Block& block = grid_.blocks()[assignment.block];
    for (std::size_t axis = 0; axis < block.axes.size(); ++axis)
        for (const Track& track : block.axes[axis].tracks)
            if (const AxisValue* value = track.path == path ? assignment.value(axis, track) : nullptr) return &value->value;
    return path.empty() ? nullptr : assembler_.written(assignment, path);
}

void SweepFilter::report_exclusions() {
    for (const Block& block : grid_.blocks())
        for (const Exclusion& exclusion : block.exclusions)
            if (!used_exclusions_.contains(&exclusion)) diagnostics_.warning(exclusion.place, "this excludes nothing");
}

void SweepFilter::report_conditions() {
    const auto is_unknown = [this](const AxisCondition::Part& part) { return !known_conditions_.contains(&part); };
    for (const Block& block : grid_.blocks())
        for (const Track* track : block.conditional_tracks()) {
            if (met_conditions_.contains(&*track->when)) continue;
            const auto unknown = std::ranges::find_if(track->when->parts, is_unknown);
            if (unknown != track->when->parts.end())
                diagnostics_.error(unknown->place, "when: nothing stands at '" + path_text(unknown->path) + "' in any trial of this block");
            else
                diagnostics_.warning(track->when->place, "this never holds: '" + path_text(track->path) + "' is not swept");
        }
}

}  // namespace etude
