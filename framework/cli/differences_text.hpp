// framework/cli/differences_text.hpp - what `verify` and `reproduce` say of trials that were run again.
#pragma once
#include <optional>
#include <string>

#include "interchange/differences.hpp"
#include "train/plan.hpp"

namespace etude::cli {

/// "K", "0" or "all" of -n; nothing for all. Throws Error for anything else.
std::optional<std::size_t> trial_count(const std::string& word);

/// "trial 3  6c1f...  lr 0.1, seed 2".
std::string trial_title(const Plan& plan, std::size_t place);

/// One line for an equal trial; else one more for each quantity that differs: where first, in how many numbers, by how much at most.
std::string comparison_text(const std::string& title, const RecordComparison& comparison);

}  // namespace etude::cli
