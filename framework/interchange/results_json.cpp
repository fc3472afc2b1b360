#include "base/text.hpp"
#include "interchange/export.hpp"
#include "report/analysis.hpp"
#include "report/json.hpp"
#include "report/range_report.hpp"

namespace etude {
namespace {

Json metric_json(const MetricSpec& metric) {
    Json at = metric.at == MetricSpec::At::epoch ? Json{{"epoch", metric.epoch}} : Json(metric.at == MetricSpec::At::best ? "best" : "final");
    return {{"name", metric.name}, {"goal", metric.maximize ? "maximize" : "minimize"}, {"at", std::move(at)}};
}

/// The float's own shortest number: 0.82, not 0.8199999928474426.
Json curve_json(const std::vector<float>& values) {
    Json json = Json::array();
    for (const float value : values) json.push_back(parse_real(number(value)).value_or(value));
    return json;
}

Json provenance_json(const Provenance& from) {
    return {{"host", from.host},
            {"cpu", from.cpu},
            {"isa", from.isa},
            {"onednn", from.onednn},
            {"compiler", from.compiler},
            {"etude", from.etude},
            {"finished_at", from.finished_at}};
}

Json configuration_json(const Results& results, std::size_t c) {
    const Configuration& configuration = results.plan.configurations[c];
    const ConfigurationResult& result = results.configurations[c];
    Json values = Json::object();
    for (std::size_t column = 0; column < results.plan.columns.size(); ++column) values[results.plan.columns[column]] = configuration.cells[column];
    return {{"configuration", c},         {"label", configuration.label}, {"values", std::move(values)}, {"rank", maybe(result.rank)},
            {"diverged", result.diverged}, {"failed", result.failed},      {"missing", result.missing},   {"trials", result.trials},
            {"resolved", configuration.resolved}};
}

Json trial_json(const Results& results, std::size_t place) {
    static constexpr const char* roles[] = {"both", "tune", "report"};  // in the order of SeedRole
    const TrialResult& trial = results.trials[place];
    const Record& record = trial.stored->record;
    Json json{{"trial", place}, {"id", trial.planned.id}, {"configuration", trial.planned.configuration}, {"seed", trial.planned.seed}};
    json["role"] = roles[static_cast<std::size_t>(trial.planned.role)];
    json["status"] = status_word(record.status);
    if (!record.message.empty()) json["message"] = record.message;
    json["epochs"] = record.epochs;
    json["updates"] = record.updates;
    json["diverged_at"] = maybe(record.diverged_at);
    json["lr"] = record.last_lr;
    json["score"] = maybe(trial.score);
    if (results.plan.target) json["epochs_to_target"] = maybe(trial.epochs_to_target);
    Json &final = json["final"] = Json::object(), &counts = json["counts_as"] = Json::object(), &curves = json["curves"] = Json::object();
    curves["lr"] = record.epoch_lr;
    for (const Curve& curve : record.curves) {
        if (record.epochs > 0) final[curve.metric] = curve.final;
        curves[curve.metric] = curve_json(curve.values);
    }
    for (const auto& [metric, value] : record.counts_as) counts[metric] = value;
    if (!record.update_lr.empty()) json["update_lr"] = record.update_lr;
    if (record.landscape)
        json["landscape"] = {{"dimensions", record.landscape->spec.dimensions},
                             {"points", record.landscape->spec.points},
                             {"span", record.landscape->spec.span},
                             {"losses", record.landscape->losses}};
    json["wall_seconds"] = record.wall_seconds;
    json["provenance"] = provenance_json(trial.stored->provenance);
    return json;
}

}  // namespace

std::string results_json(const Results& results) {
    const Plan& plan = results.plan;
    Json json{{"format", "etude-results"}, {"version", 1}, {"study", plan.study}, {"question", plan.question}, {"metric", metric_json(plan.metric)}};
    if (plan.target) json["target"] = {{"metric", plan.target->metric}, {"value", plan.target->value}};
    json["columns"] = plan.columns;
    json["metrics"] = plan.metrics;
    json["planned_trials"] = plan.trials.size();
    json["warnings"] = plan.warnings;
    Json& configurations = json["configurations"] = Json::array();
    for (std::size_t c = 0; c < plan.configurations.size(); ++c) configurations.push_back(configuration_json(results, c));
    Json& trials = json["trials"] = Json::array();
    for (std::size_t i = 0; i < results.trials.size(); ++i)
        if (results.trials[i].stored) trials.push_back(trial_json(results, i));
    if (!is_range_test(plan)) json["statistics"] = Json::parse(analysis_json(results, analyse(results)));
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace etude
