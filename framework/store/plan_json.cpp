#include "store/plan_json.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace etude {
namespace {

using Json = nlohmann::ordered_json;

const std::array<std::string, 3> role_words{"both", "tune", "report"};  // in the order of SeedRole
const std::array<std::string, 3> at_words{"final", "best", "epoch"};  // in the order of MetricSpec::At

Json configuration_to_json(const Configuration& configuration) {
    return {{"cells", configuration.cells}, {"label", configuration.label}, {"resolved", configuration.resolved}};
}

Configuration configuration_from_json(const Json& json) {
    return {json.at("cells").get<std::vector<std::string>>(), json.at("label").get<std::string>(), json.at("resolved").get<std::string>()};
}

Json metric_to_json(const MetricSpec& metric) {
    return {{"name", metric.name}, {"maximize", metric.maximize}, {"at", at_words.at(static_cast<std::size_t>(metric.at))}, {"epoch", metric.epoch}};
}

MetricSpec metric_from_json(const Json& json) {
    MetricSpec metric;
    json.at("name").get_to(metric.name);
    json.at("maximize").get_to(metric.maximize);
    json.at("epoch").get_to(metric.epoch);
    const auto word = json.at("at").get<std::string>();
    const auto found = std::ranges::find(at_words, word);
    if (found == at_words.end()) throw Error("damaged: a metric at '" + word + "'");
    metric.at = static_cast<MetricSpec::At>(found - at_words.begin());
    return metric;
}

Json pruning_to_json(const Pruning& p) {
    return {{"rule", pruning_name(p.rule)}, {"min_epochs", p.min_epochs}, {"every", p.every}, {"eta", p.eta}, {"seed", p.seed}, {"alpha", p.alpha},
            {"min_seeds", p.min_seeds}};
}

Pruning pruning_from_json(const Json& json) {
    const auto word = json.at("rule").get<std::string>();
    const auto found = std::ranges::find(pruning_kinds(), word, &Kind::name);
    if (found == pruning_kinds().end()) throw Error("damaged: a rule '" + word + "'");
    Pruning p{.rule = static_cast<Pruning::Rule>(found - pruning_kinds().begin())};
    json.at("min_epochs").get_to(p.min_epochs);
    json.at("every").get_to(p.every);
    json.at("eta").get_to(p.eta);
    json.at("seed").get_to(p.seed);
    json.at("alpha").get_to(p.alpha);
    json.at("min_seeds").get_to(p.min_seeds);
    return p;
}

/// [id, seed, configuration], and the role where seeds are split.
Json trial_to_json(const PlannedTrial& trial) {
    Json json{trial.id, trial.seed, trial.configuration};
    if (trial.role != SeedRole::both) json.push_back(role_words.at(static_cast<std::size_t>(trial.role)));
    return json;
}

PlannedTrial trial_from_json(const Json& json) {
    PlannedTrial trial{json.at(0).get<std::string>(), json.at(1).get<std::uint64_t>(), json.at(2).get<std::size_t>()};
    if (json.size() < 4) return trial;
    const auto word = json.at(3).get<std::string>();
    const auto found = std::ranges::find(role_words, word);
    if (found == role_words.end()) throw Error("damaged: a seed for '" + word + "'");
    trial.role = static_cast<SeedRole>(found - role_words.begin());
    return trial;
}

}  // namespace

std::string plan_to_json(const Plan& plan) {
    Json json{{"study", plan.study}, {"question", plan.question}, {"metric", metric_to_json(plan.metric)}};
    if (plan.target) json["target"] = {{"metric", plan.target->metric}, {"value", plan.target->value}};
    json["columns"] = plan.columns;
    json["metrics"] = plan.metrics;
    json["warnings"] = plan.warnings;
    if (plan.pruning) json["pruning"] = pruning_to_json(*plan.pruning);
    if (plan.seconds) json["seconds"] = *plan.seconds;
    Json& configurations = json["configurations"] = Json::array();
    for (const Configuration& configuration : plan.configurations) configurations.push_back(configuration_to_json(configuration));
    Json& trials = json["trials"] = Json::array();
    for (const PlannedTrial& trial : plan.trials) trials.push_back(trial_to_json(trial));
    return json.dump();
}

Plan plan_from_json(const std::string& text) try {
    const Json json = Json::parse(text);
    Plan plan;
    json.at("study").get_to(plan.study);
    json.at("question").get_to(plan.question);
    plan.metric = metric_from_json(json.at("metric"));
    if (json.contains("target")) plan.target = TargetSpec{json["target"].at("metric").get<std::string>(), json["target"].at("value").get<double>()};
    json.at("columns").get_to(plan.columns);
    json.at("metrics").get_to(plan.metrics);
    json.at("warnings").get_to(plan.warnings);
    if (json.contains("pruning")) plan.pruning = pruning_from_json(json["pruning"]);
    if (json.contains("seconds")) plan.seconds = json["seconds"].get<double>();
    for (const Json& configuration : json.at("configurations")) plan.configurations.push_back(configuration_from_json(configuration));
    for (const Json& trial : json.at("trials")) plan.trials.push_back(trial_from_json(trial));
    return plan;
} catch (const nlohmann::json::exception& error) {
    throw Error(std::string("damaged: ") + error.what());
}

}  // namespace etude
