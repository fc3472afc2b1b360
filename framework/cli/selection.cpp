#include "cli/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/words.hpp"

namespace etude::cli {
namespace {

constexpr std::size_t most_named = 4;

/// A number that is a place of the plan is one, even where ids begin with these digits.
std::optional<std::size_t> find_trial(const Results& results, const std::string& word) {
    const bool digits = !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
    if (const auto place = digits ? parse_integer(word) : std::nullopt; place && static_cast<std::size_t>(*place) < results.trials.size())
        return static_cast<std::size_t>(*place);
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < results.trials.size(); ++i)
        if (!word.empty() && results.trials[i].planned.id.starts_with(word)) found.push_back(i);
    if (found.empty()) return std::nullopt;
    if (found.size() == 1) return found.front();
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < std::min(found.size(), most_named); ++i) ids.push_back(results.trials[found[i]].planned.id);
    throw Error(fmt::format("{} ids begin with '{}'", found.size(), word),
                fmt::format("give more letters: {}{}", join(ids, ", "), found.size() > most_named ? ", ..." : ""));
}

}  // namespace

std::size_t require_trial(const Results& results, const std::string& word) {
    if (const auto found = find_trial(results, word)) return *found;
    throw Error(fmt::format("{}: no trial is called '{}'", results.folder.string(), word),
                fmt::format("a number from 0 to {}, or the beginning of an id, as trials.csv has them",
                            std::max<std::size_t>(results.trials.size(), 1) - 1));
}

Selection require_selection(const Results& results, const std::string& word) {
    std::vector<std::string> labels;
    for (std::size_t c = 0; c < results.configurations.size(); ++c) labels.push_back(label_of(results.plan, c));
    if (const auto found = std::ranges::find(labels, word); found != labels.end()) return {static_cast<std::size_t>(found - labels.begin()), {}};
    if (const auto trial = find_trial(results, word)) return {results.trials[*trial].planned.configuration, trial};
    throw Error(fmt::format("{}: there is no trial and no configuration '{}'", results.folder.string(), word),
                fmt::format("a trial's number or the beginning of its id, or a configuration: {}", spelling_hint(word, labels)));
}

std::string trial_words(const Results& results, std::size_t trial) {
    const PlannedTrial& planned = results.trials[trial].planned;
    return fmt::format("trial {} ({}, seed {})", trial, label_of(results.plan, planned.configuration), planned.seed);
}

}  // namespace etude::cli
