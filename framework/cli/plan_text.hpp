// framework/cli/plan_text.hpp - a plan for the terminal.
#pragma once
#include <set>
#include <string>

#include "study/study.hpp"

namespace etude::cli {

/// The resolved study, then a line a trial (place, id, done or missing, seed, label), then the counts.
std::string plan_text(const Study& study, const std::set<std::string>& done);

}  // namespace etude::cli
