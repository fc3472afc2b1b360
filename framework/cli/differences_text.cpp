#include "cli/differences_text.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"

namespace etude::cli {

std::optional<std::size_t> trial_count(const std::string& word) {
    if (word == "all") return std::nullopt;
    const auto count = parse_integer(word);
    if (!count || *count < 0) throw Error("-n " + word + ": not a number of trials", "a whole number, or `all`");
    return *count == 0 ? std::nullopt : std::optional(static_cast<std::size_t>(*count));
}

std::string trial_title(const Plan& plan, std::size_t place) {
    const PlannedTrial& trial = plan.trials[place];
    return fmt::format("trial {}  {}  {}, seed {}", place, trial.id, plan.configurations[trial.configuration].label, trial.seed);
}

std::string comparison_text(const std::string& title, const RecordComparison& comparison) {
    if (comparison.are_equal()) return fmt::format("  {}: equal, {} numbers\n", title, comparison.numbers);
    std::string text = fmt::format("  {}: differs in {} of {} numbers\n", title, comparison.different_numbers(), comparison.numbers);
    for (const Difference& difference : comparison.differences) {
        text += fmt::format("    {}: {}", difference.what, difference.first);
        if (difference.of > 1) text += fmt::format("; {} of {} differ", difference.numbers, difference.of);
        if (std::isfinite(difference.largest)) text += fmt::format(", by {:.3g}{}", difference.largest, difference.numbers > 1 ? " at most" : "");
        text += "\n";
    }
    return text;
}

}  // namespace etude::cli
