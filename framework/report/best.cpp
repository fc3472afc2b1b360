#include "report/best.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/answer.hpp"
#include "report/range_report.hpp"
#include "report/summary.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

using Json = nlohmann::ordered_json;

void require_scores(const Results& results) {
    if (is_range_test(results.plan))
        throw Error(results.folder.string() + ": is a range test, which has suggestions but no best configuration",
                    "`etude report " + results.folder.string() + "` prints them");
}

/// How much better the reference is, in the score's unit.
std::optional<double> behind(const Plan& plan, const Comparison& comparison) {
    const auto& mean = comparison.t.difference.mean;
    return mean ? std::optional(plan.metric.maximize ? *mean : 0.0 - *mean) : std::nullopt;
}

std::optional<Interval95> behind_interval(const Plan& plan, const Comparison& comparison) {
    const auto& i = comparison.t.difference.interval;
    if (!i || plan.metric.maximize) return i;
    return Interval95{0.0 - i->high, 0.0 - i->low};
}

std::vector<std::string> row_of(const Results& results, const Leader& leader) {
    const ConfigurationResult& result = results.configurations[leader.configuration];
    const Statistics& s = result.score;
    std::vector<std::string> row{result.rank ? std::to_string(*result.rank) : "", label_of(results.plan, leader.configuration), std::to_string(s.n)};
    row.push_back(six_digits(s.mean));
    row.push_back(six_digits(s.interval ? std::optional(s.interval->low) : std::nullopt));
    row.push_back(six_digits(s.interval ? std::optional(s.interval->high) : std::nullopt));
    row.push_back(leader.comparison == nullptr ? "" : six_digits(behind(results.plan, *leader.comparison)));
    row.push_back(leader.comparison == nullptr ? "" : fmt::format("{:.2g}", *leader.comparison->p));
    row.push_back(std::to_string(result.trials.front()));
    return row;
}

Json interval_json(const std::optional<Interval95>& interval) { return interval ? Json{interval->low, interval->high} : Json(); }

Json leader_json(const Results& results, const Leader& leader) {
    const Configuration& configuration = results.plan.configurations[leader.configuration];
    const ConfigurationResult& result = results.configurations[leader.configuration];
    const auto maybe = [](const auto& value) { return value ? Json(*value) : Json(); };
    Json json{{"configuration", label_of(results.plan, leader.configuration)}};
    Json& cells = json["cells"] = Json::object();
    for (std::size_t i = 0; i < results.plan.columns.size(); ++i) cells[results.plan.columns[i]] = configuration.cells[i];
    json["rank"] = maybe(result.rank);
    json["n"] = result.score.n;
    json["mean"] = maybe(result.score.mean);
    json["std"] = maybe(result.score.std);
    json["ci"] = interval_json(result.score.interval);
    json["behind"] = leader.comparison == nullptr ? Json() : maybe(behind(results.plan, *leader.comparison));
    json["behind_ci"] = leader.comparison == nullptr ? Json() : interval_json(behind_interval(results.plan, *leader.comparison));
    json["p_holm"] = leader.comparison == nullptr ? Json() : maybe(leader.comparison->p);
    Json& trials = json["trials"] = Json::array();
    for (const std::size_t place : result.trials) trials.push_back(results.trials[place].planned.id);
    json["resolved"] = configuration.resolved;
    return json;
}

}  // namespace

std::vector<Leader> leaders_of(const Findings& findings) {
    const auto& [results, analysis] = findings;
    if (results.best_first.empty() || !results.configurations[results.best_first.front()].rank) return {};
    std::vector<Leader> leaders{{results.best_first.front(), nullptr}};
    if (!analysis.family) return leaders;
    for (const Comparison& comparison : analysis.family->comparisons)
        if (comparison.p && !comparison.better) leaders.push_back({comparison.other, &comparison});
    return leaders;
}

std::string best_text(const Findings& findings) {
    const Results& results = findings.results;
    require_scores(results);
    std::string text;
    for (const std::string& sentence : answer_of(results, findings.analysis).sentences) text += sentence + "\n";
    const auto leaders = leaders_of(findings);
    if (leaders.empty()) return text;
    std::vector<std::vector<std::string>> rows{{"rank", "configuration", "n", "mean", "ci_low", "ci_high", "behind", "p", "trial"}};
    for (const Leader& leader : leaders) rows.push_back(row_of(results, leader));
    text += leaders.size() > 1 ? "\nThe best, and what is not significantly worse:\n" : "\n";
    return text + aligned(rows) + fmt::format("`etude show {} {}` has all of its first trial.\n", results.folder.string(), rows[1].back());
}

std::string best_json(const Findings& findings) {
    const Results& results = findings.results;
    require_scores(results);
    Json json{{"study", results.plan.study}, {"metric", results.plan.metric.name}, {"maximize", results.plan.metric.maximize}};
    json["answer"] = answer_of(results, findings.analysis).sentences;
    json["chosen_on_test_set"] = findings.analysis.on_test_set;
    json["chosen_and_reported_on_same_seeds"] = findings.analysis.same_seeds;
    Json& leaders = json["leaders"] = Json::array();
    for (const Leader& leader : leaders_of(findings)) leaders.push_back(leader_json(results, leader));
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace etude
