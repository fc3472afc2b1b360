// framework/study/labels.hpp - short names of configurations for legends and tables: `as:` names, or what differs, in its shortest form.
#pragma once
#include <string>
#include <vector>

#include "study/grid.hpp"
#include "train/plan.hpp"

namespace etude {

class Labels {
  public:
    /// `grid` outlives it.
    explicit Labels(const Grid& grid);
    /// "lr 0.1", "adam", "adam, lr 0.1"; "" when its block sweeps nothing.
    std::string of(const Assignment& assignment) const;

  private:
    struct AxisWords {
        std::vector<std::string> names;  // of cases, one a pick; a name stands for all else
        std::string separator;
        std::vector<std::pair<const Track*, std::vector<std::string>>> tracks;  // a word for each pick
    };
    std::vector<std::vector<AxisWords>> blocks_;
};

/// Where two labels are equal or empty, what the columns say takes their place; where that does not help, a number is added.
/// `alone`: the label of a single configuration.
void make_distinct(std::vector<Configuration>& configurations, const std::vector<std::string>& columns, const std::string& alone);

}  // namespace etude
