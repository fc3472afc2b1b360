#include "cli/plan_text.hpp"

#include <fmt/format.h>

namespace etude::cli {

std::string plan_text(const Study& study, const std::set<std::string>& done) {
    const Plan& plan = study.plan();
    std::string text = "# the study, every default filled in\n" + study.resolved() + "\n";
    text += fmt::format("{:>6}  {:16}  {:7}  {:>6}  {}\n", "trial", "id", "state", "seed", "configuration");
    std::size_t finished = 0;
    for (std::size_t i = 0; i < plan.trials.size(); ++i) {
        const PlannedTrial& trial = plan.trials[i];
        const bool is_done = done.contains(trial.id);
        finished += is_done;
        text += fmt::format("{:>6}  {:16}  {:7}  {:>6}  {}\n", i, trial.id, is_done ? "done" : "missing", trial.seed,
                            plan.configurations[trial.configuration].label);
    }
    text += fmt::format("{}: {} trials ({} configurations), {} done, {} to run\n", plan.study, plan.trials.size(), plan.configurations.size(),
                        finished, plan.trials.size() - finished);
    return text;
}

}  // namespace etude::cli
