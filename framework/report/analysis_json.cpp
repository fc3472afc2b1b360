#include "report/analysis.hpp"
#include "report/json.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

Json interval_json(const std::optional<Interval95>& interval) { return interval ? Json{interval->low, interval->high} : Json(); }

Json configuration_json(const Results& results, const Spread& spread, std::size_t c) {
    const ConfigurationResult& result = results.configurations[c];
    const Statistics& s = result.score;
    Json json{{"label", label_of(results.plan, c)}, {"rank", maybe(result.rank)}, {"n", s.n}, {"mean", maybe(s.mean)}, {"std", maybe(s.std)}};
    json["ci"] = interval_json(s.interval);
    json["quantile_shares"] = quantile_shares;
    json["quantiles"] = maybe(spread.quantiles);
    json["median_ci"] = interval_json(spread.median_interval);
    json["finished"] = spread.finished;
    json["diverged"] = spread.diverged;
    json["diverged_ci"] = interval_json(spread.diverged_interval);
    json["failed"] = result.failed;
    json["missing"] = result.missing;
    if (result.choice != result.score)
        json["tune"] = {{"n", result.choice.n}, {"mean", maybe(result.choice.mean)}, {"ci", interval_json(result.choice.interval)}};
    if (!results.plan.target) return json;
    json["reached_target"] = spread.reached;
    json["median_epochs_to_target"] = maybe(spread.epochs_to_target);
    json["median_updates_to_target"] = maybe(spread.updates_to_target);
    return json;
}

Json comparison_json(const Comparison& c) {
    Json json{{"configuration", c.other}, {"pairs", c.t.difference.n}, {"difference", maybe(c.t.difference.mean)}};
    json["ci"] = interval_json(c.t.difference.interval);
    json["t"] = maybe(c.t.t);
    json["p_t"] = maybe(c.t.p);
    json["p_signed_rank"] = c.t.p ? Json(c.ranks.p) : Json();
    json["p_holm"] = maybe(c.p);
    json["significant"] = c.significant;
    json["effect_dz"] = maybe(c.t.effect);
    json["effect_rank_biserial"] = c.ranks.effect();
    json["more_seeds"] = maybe(c.more_seeds);
    return json;
}

Json family_json(const Family& family) {
    Json json{{"reference", family.reference},
              {"decided_by", family.decider == Decider::signed_rank ? "signed_rank" : "paired_t"},
              {"corrected_for", family.tests}};
    Json& all = json["comparisons"] = Json::array();
    for (const Comparison& c : family.comparisons) all.push_back(comparison_json(c));
    return json;
}

Json rate_json(const RateAnalysis& axis) {
    Json json{{"column", axis.column}, {"label", axis.label}, {"rates", axis.rates}, {"configurations", axis.configurations}};
    json["best"] = axis.rates[axis.best];
    json["basin"] = axis.basin ? Json{{"low", axis.basin->low}, {"high", axis.basin->high}, {"decades", axis.basin->decades}} : Json();
    json["sensitivity"] = {{"loss", axis.loss},
                           {"value", maybe(axis.sensitivity)},
                           {"initial_loss", maybe(axis.initial_loss)},
                           {"initial_is_estimate", axis.initial_is_estimate}};
    json["stable_up_to"] = maybe(axis.edge.stable);
    json["unstable_from"] = maybe(axis.edge.unstable);
    json["add"] = axis.add;
    json["tests"] = family_json(axis.family);
    return json;
}

Json regret_json(const Regret& regret) {
    Json json{{"column", regret.column}, {"rates", regret.axes}};
    Json& cost = json["cost"] = Json::array();
    for (const auto& row : regret.cost) {
        Json cells = Json::array();
        for (const auto& cell : row) cells.push_back(maybe(cell));
        cost.push_back(std::move(cells));
    }
    return json;
}

Json profiles_json(const std::vector<Profile>& profiles) {
    Json json = Json::array();
    for (const Profile& profile : profiles) json.push_back({{"tau", profile.taus}, {"share", profile.shares}});
    return json;
}

}  // namespace

std::string analysis_json(const Results& results, const Analysis& analysis) {
    Json json{{"study", results.plan.study}, {"metric", results.plan.metric.name}, {"maximize", results.plan.metric.maximize}};
    json["chosen_on_test_set"] = analysis.on_test_set;
    json["chosen_and_reported_on_same_seeds"] = analysis.same_seeds;
    Json& configurations = json["configurations"] = Json::array();
    for (std::size_t c = 0; c < analysis.spreads.size(); ++c) configurations.push_back(configuration_json(results, analysis.spreads[c], c));
    json["against_best"] = analysis.family ? family_json(*analysis.family) : Json();
    Json& rates = json["rates"] = Json::array();
    for (const RateAnalysis& axis : analysis.rates) rates.push_back(rate_json(axis));
    Json& regrets = json["regrets"] = Json::array();
    for (const Regret& regret : analysis.regrets) regrets.push_back(regret_json(regret));
    if (analysis.target)
        json["profiles"] = {{"epochs", profiles_json(analysis.target->epochs)}, {"updates", profiles_json(analysis.target->updates)}};
    return json.dump(1) + "\n";
}

}  // namespace etude
