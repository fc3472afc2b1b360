// framework/study/sweep_filter.hpp - which assignments of a sweep become trials: `when:` of its axes and `exclude:`.
#pragma once
#include <cstdint>
#include <optional>
#include <set>

#include "study/assembler.hpp"
#include "study/grid.hpp"

namespace etude {

class SweepFilter {
  public:
    /// Everything given outlives it. `assembler` says what an assignment makes of a path that is not swept.
    SweepFilter(const Grid& grid, Assembler& assembler, Diagnostics& diagnostics) : grid_(grid), assembler_(assembler), diagnostics_(diagnostics) {}

    /// The assignment with the conditions of its axes looked at; nothing when it is excluded, or one that has been there already: of an axis that
    /// is not there the first value stands for all.
    std::optional<Assignment> kept(Assignment assignment);
    bool kept_any() const { return kept_any_; }

    // When all assignments have been looked at: what did nothing.
    void report_exclusions();
    void report_conditions();

  private:
    bool is_repeated(const Assignment& assignment) const;
    bool holds(const AxisCondition& condition, const Assignment& assignment);
    bool is_excluded(const Assignment& assignment);
    bool matches(const Exclusion& exclusion, const Assignment& assignment);
    const Node* chosen(const Assignment& assignment, const Path& path);

    const Grid& grid_;
    Assembler& assembler_;
    Diagnostics& diagnostics_;
    bool kept_any_ = false;
    std::set<const Exclusion*> used_exclusions_;
    std::set<const AxisCondition*> met_conditions_;
    std::set<const AxisCondition::Part*> known_conditions_;  // whose path led somewhere
};

}  // namespace etude
