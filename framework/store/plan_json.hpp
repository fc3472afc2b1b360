// framework/store/plan_json.hpp - a plan as JSON text and back: equal plans, equal text.
#pragma once
#include <string>

#include "train/plan.hpp"

namespace etude {

std::string plan_to_json(const Plan& plan);
/// Throws Error "damaged: ..." when the text is not a plan's.
Plan plan_from_json(const std::string& text);

}  // namespace etude
