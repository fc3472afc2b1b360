#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "interchange/export.hpp"
#include "interchange/times.hpp"

namespace etude {
namespace {

using Json = nlohmann::ordered_json;

enum Operation { create_study = 0, set_study_user_attribute = 2, create_trial = 4 };   // optuna's JournalOperation
enum State { complete = 1, pruned = 2, failed = 3 };                                   // optuna's TrialState

Json line_of(Operation operation) { return {{"op_code", operation}, {"worker_id", "etude"}}; }

/// A swept column as Optuna sees it.
class SweptColumn {
  public:
    SweptColumn(const Plan& plan, std::size_t column) {
        for (const Configuration& configuration : plan.configurations) {
            const std::string& cell = configuration.cells[column];
            if (!cell.empty() && std::ranges::find(cells_, cell) == cells_.end()) cells_.push_back(cell);
        }
        are_numbers_ = std::ranges::all_of(cells_, [](const std::string& cell) { return std::isfinite(parse_real(cell).value_or(std::nan(""))); });
        are_integers_ = are_numbers_ && std::ranges::all_of(cells_, [](const std::string& cell) { return parse_integer(cell).has_value(); });
    }

    /// Optuna keeps it as a text inside the text.
    std::string distribution() const {
        if (!are_numbers_) return Json{{"name", "CategoricalDistribution"}, {"attributes", {{"choices", cells_}}}}.dump();
        std::vector<double> values;
        for (const std::string& cell : cells_) values.push_back(*parse_real(cell));
        const auto [low, high] = std::ranges::minmax(values);
        const bool log = low > 0 && high >= 10 * low;
        if (!are_integers_)
            return Json{{"name", "FloatDistribution"}, {"attributes", {{"step", Json()}, {"low", low}, {"high", high}, {"log", log}}}}.dump();
        const Json whole{{"log", log}, {"step", 1}, {"low", std::llround(low)}, {"high", std::llround(high)}};
        return Json{{"name", "IntDistribution"}, {"attributes", whole}}.dump();
    }

    /// A category is its place among them.
    Json value(const std::string& cell) const {
        if (are_integers_) return *parse_integer(cell);
        if (are_numbers_) return *parse_real(cell);
        return std::ranges::find(cells_, cell) - cells_.begin();
    }

  private:
    std::vector<std::string> cells_;  // each once, in order of appearance
    bool are_numbers_ = false, are_integers_ = false;
};

State state_of(const TrialResult& trial) {
    const Status status = trial.stored->record.status;
    if (status == Status::pruned) return pruned;
    return status != Status::failed && trial.score && !std::isnan(*trial.score) ? complete : failed;
}

Json user_attributes(const Results& results, std::size_t place) {
    const TrialResult& trial = results.trials[place];
    const Record& record = trial.stored->record;
    Json json{{"trial", place},
              {"id", trial.planned.id},
              {"seed", trial.planned.seed},
              {"configuration", results.plan.configurations[trial.planned.configuration].label},
              {"status", status_word(record.status)},
              {"epochs", record.epochs},
              {"lr", record.last_lr}};
    if (record.diverged_at) json["diverged_at"] = *record.diverged_at;
    if (!record.message.empty()) json["message"] = record.message;
    for (const Curve& curve : record.curves)
        if (record.epochs > 0) json[curve.metric] = curve.final;
    return json;
}

/// As Python writes them: JSON's grammar has no word for a number that is none, its module does.
std::string python_number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
    return number(value);
}

std::string intermediate_values(const Record& record, const std::string& metric) {
    std::string json;
    const Curve* curve = record.find(metric);
    const std::size_t epochs = curve == nullptr ? 0 : curve->values.size();
    for (std::size_t epoch = 1; epoch <= epochs; ++epoch)
        json += fmt::format("{}\"{}\": {}", epoch == 1 ? "" : ", ", epoch, python_number(metric_after(record, metric, epoch).value_or(std::nan(""))));
    return "{" + json + "}";
}

std::string trial_line(const Results& results, std::size_t place, const std::vector<SweptColumn>& parameters) {
    const TrialResult& trial = results.trials[place];
    const Record& record = trial.stored->record;
    const double end = epoch_seconds(trial.stored->provenance.finished_at);
    Json line = line_of(create_trial);
    line["study_id"] = 0;
    line["datetime_start"] = iso_time(end - record.wall_seconds);
    line["state"] = state_of(trial);
    line["value"] = state_of(trial) != failed && trial.score ? Json(*trial.score) : Json();
    line["values"] = Json();
    line["datetime_complete"] = iso_time(end);
    Json &distributions = line["distributions"] = Json::object(), &values = line["params"] = Json::object();
    for (std::size_t column = 0; column < parameters.size(); ++column) {
        const std::string& cell = results.plan.configurations[trial.planned.configuration].cells[column];
        if (cell.empty()) continue;  // this configuration has no such parameter
        distributions[results.plan.columns[column]] = parameters[column].distribution();
        values[results.plan.columns[column]] = parameters[column].value(cell);
    }
    line["user_attrs"] = user_attributes(results, place);
    line["system_attrs"] = Json::object();
    std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace);
    text.pop_back();
    return text + ",\"intermediate_values\":" + intermediate_values(record, results.plan.metric.name) + "}\n";
}

std::string study_attribute(const std::string& name, Json value) {
    Json line = line_of(set_study_user_attribute);
    line["study_id"] = 0;
    line["user_attr"][name] = std::move(value);
    return line.dump() + "\n";
}

}  // namespace

std::string optuna_journal(const Results& results) {
    const Plan& plan = results.plan;
    constexpr int minimize = 1, maximize = 2;  // optuna's StudyDirection
    Json study = line_of(create_study);
    study["study_name"] = plan.study;
    study["directions"] = Json::array({plan.metric.maximize ? maximize : minimize});
    std::string journal = study.dump() + "\n";
    if (!plan.question.empty()) journal += study_attribute("question", plan.question);
    journal += study_attribute("metric", plan.metric.name);
    std::vector<SweptColumn> parameters;
    for (std::size_t column = 0; column < plan.columns.size(); ++column) parameters.emplace_back(plan, column);
    for (std::size_t i = 0; i < results.trials.size(); ++i)
        if (results.trials[i].stored) journal += trial_line(results, i, parameters);
    return journal;
}

}  // namespace etude
