#include "study/header.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "base/text.hpp"
#include "study/foreign.hpp"
#include "study/grid.hpp"
#include "study/typed.hpp"
#include "train/metrics.hpp"

namespace etude {
namespace {

const std::vector<std::string>& study_keys() {
    static const std::vector<std::string> keys{"study",    "question",  "include", "data",   "model",  "loss",  "train",  "optimizer",
                                               "schedule", "schedules", "seeds",   "metric", "target", "sweep", "record", "divergence",
                                               "groups",   "range_test", "budget", "early_stop", "median", "halving", "hyperband", "until_decided"};
    return keys;
}

constexpr const char* rules_hint = "what is worse is ended by `median: {}`, `halving: {eta: 3}`, `hyperband: {eta: 3}` or `until_decided: {}`";
constexpr const char* search_hint =
    "a study's trials are known before it runs: `sweep:` has grids, `draws: n` a random search, `halton:` an even one";
constexpr const char* wandb_hint = "it stands in `sweep:`, as W&B writes it: `sweep: {method: random, run_cap: n, parameters: {...}}`";

/// Whoever knows other tools writes these.
constexpr std::array foreign_keys{ForeignKey{"asha", "`halving: {eta: 3}`, which waits for all trials of a rung"},
                                  ForeignKey{"successive_halving", "`halving: {eta: 3}`"},
                                  ForeignKey{"pruner", rules_hint},
                                  ForeignKey{"pruning", rules_hint},
                                  ForeignKey{"early_terminate", rules_hint},
                                  ForeignKey{"early_termination", rules_hint},
                                  ForeignKey{"stop_when_decided", "`until_decided: {}`"},
                                  ForeignKey{"early_stopping", "`early_stop: {patience: 5}`"},
                                  ForeignKey{"patience", "`early_stop: {patience: 5}`"},
                                  ForeignKey{"parameters", wandb_hint},
                                  ForeignKey{"method", wandb_hint},
                                  ForeignKey{"run_cap", wandb_hint},
                                  ForeignKey{"sampler", search_hint},
                                  ForeignKey{"search", search_hint},
                                  ForeignKey{"tuner", search_hint},
                                  ForeignKey{"grid", "`sweep: {optimizer.lr: [0.1, 0.01]}`"},
                                  ForeignKey{"trials", "`budget: {trials: n}`"},
                                  ForeignKey{"n_trials", "`budget: {trials: n}`"},
                                  ForeignKey{"timeout", "`budget: {time: 1h}`"},
                                  ForeignKey{"time", "`budget: {time: 1h}`"},
                                  ForeignKey{"lr", "`optimizer: {name: sgd, lr: 0.1}`"},
                                  ForeignKey{"learning_rate", "`optimizer: {name: sgd, lr: 0.1}`"},
                                  ForeignKey{"epochs", "`train: {epochs: 30, batch: 32}`"},
                                  ForeignKey{"batch", "`train: {epochs: 30, batch: 32}`"},
                                  ForeignKey{"batch_size", "`train: {epochs: 30, batch: 32}`"}};

class HeaderReader {
  public:
    HeaderReader(const Node& root, Diagnostics& diagnostics) : root_(root), diagnostics_(diagnostics) {}

    Header read() {
        check_keys();
        if (const Node* study = root_.find("study"))
            read_name(*study);
        else
            diagnostics_.error(root_.place, "'study' is missing", "`study: NAME` names the folder of its results");
        if (const Node* question = root_.find("question"); question != nullptr && !question->is_null())
            header_.question = read_word(*question, "question", diagnostics_).value_or("");
        if (const Node* seeds = root_.find("seeds")) read_seeds(*seeds);
        if (const Node* metric = root_.find("metric"); metric != nullptr && !metric->is_null()) read_metric(*metric);
        if (const Node* target = root_.find("target"); target != nullptr && !target->is_null()) read_target(*target);
        return std::move(header_);
    }

  private:
    void check_keys() {
        for (const Entry& entry : root_.entries) {
            if (std::ranges::find(study_keys(), entry.key) != study_keys().end()) continue;
            if (const ForeignKey* found = find_foreign(foreign_keys, entry.key))
                diagnostics_.error(entry.key_place, "a study has no key '" + entry.key + "'", found->hint);
            else
                report_unknown_key(entry, "a study", study_keys(), diagnostics_);
        }
    }

    void read_name(const Node& node) {
        static const std::string rule = "letters, digits, '-', '_' and '.', not beginning with '.', at most 64";
        const auto name = read_word(node, "study", diagnostics_);
        if (!name) return;
        const auto allowed = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        };
        if (name->empty() || name->size() > 64 || name->front() == '.' || !std::ranges::all_of(*name, allowed))
            diagnostics_.error(node.place, "'" + *name + "' cannot name a study", rule);
        header_.study = *name;
    }

    void read_seeds(const Node& node) {
        header_.seeds.clear();
        if (node.is_list()) return read_seed_list(node);
        if (node.is_mapping()) return read_seed_roles(node);
        const auto count = read_integer(node, "seeds", closed(1, static_cast<double>(max_trials)), diagnostics_);
        for (std::int64_t seed = 0; seed < count.value_or(1); ++seed) header_.seeds.push_back(static_cast<std::uint64_t>(seed));
    }

    /// {tune: 10, report: 20}: 0..9 to choose on, 10..29 to report on.
    void read_seed_roles(const Node& node) {
        for (const Entry& entry : node.entries)
            if (entry.key != "tune" && entry.key != "report") report_unknown_key(entry, "seeds", {"tune", "report"}, diagnostics_);
        std::array<std::int64_t, 2> counts{0, 0};
        for (const std::string key : {"tune", "report"}) {
            const Node* count = node.find(key);
            if (count == nullptr) diagnostics_.error(node.place, "'" + key + "' is missing in seeds", "`seeds: {tune: 10, report: 20}`");
            else
                counts[key == "tune" ? 0 : 1] = read_integer(*count, "seeds." + key, closed(1, static_cast<double>(max_trials)), diagnostics_)
                                                    .value_or(0);
        }
        if (counts[0] == 0 || counts[1] == 0) return;
        header_.tune_seeds = static_cast<std::size_t>(counts[0]);
        for (std::int64_t seed = 0; seed < counts[0] + counts[1]; ++seed) header_.seeds.push_back(static_cast<std::uint64_t>(seed));
    }

    void read_seed_list(const Node& node) {
        if (node.items.empty()) diagnostics_.error(node.place, "seeds is empty", "`seeds: 10` or `seeds: [0, 1, 7]`");
        std::set<std::uint64_t> seen;
        for (const Node& item : node.items) {
            const auto seed =
                read_integer(item, "seeds[" + std::to_string(&item - node.items.data()) + "]", closed(0, 9007199254740992.0), diagnostics_);
            if (!seed) continue;
            const auto value = static_cast<std::uint64_t>(*seed);
            if (seen.insert(value).second)
                header_.seeds.push_back(value);
            else
                diagnostics_.error(item.place, "the seed " + std::to_string(value) + " is given twice");
        }
    }

    void read_metric(const Node& node) {
        header_.metric.emplace();
        header_.metric->name.clear();
        header_.metric_place = node.place;
        if (node.is_scalar()) {
            header_.metric->name = node.text;
            return;
        }
        if (!node.is_mapping())
            return diagnostics_.error(node.place, "metric is " + kind_name(node) + ", not a mapping", "`metric: {name: test_accuracy}`");
        for (const Entry& entry : node.entries) {
            if (entry.key == "name") {
                header_.metric->name = read_word(entry.value, "metric.name", diagnostics_).value_or("");
                header_.metric_place = entry.value.place;
            } else if (entry.key == "goal")
                read_goal(entry.value);
            else if (entry.key == "at")
                read_at(entry.value);
            else
                report_unknown_key(entry, "metric", {"name", "goal", "at"}, diagnostics_);
        }
    }

    void read_goal(const Node& node) {
        const auto goal = read_value(node, required(choice("metric.goal", "", {"maximize", "minimize"}, "")), diagnostics_);
        if (!goal) return;
        header_.metric->maximize = std::get<std::string>(*goal) == "maximize";
        header_.has_goal = true;
    }

    void read_at(const Node& node) {
        const Node* epoch = node.find("epoch");
        if (node.is_scalar() && node.text == "final")
            header_.metric->at = MetricSpec::At::final;
        else if (node.is_scalar() && node.text == "best")
            header_.metric->at = MetricSpec::At::best;
        else if (epoch != nullptr && node.entries.size() == 1) {
            const auto value = read_integer(*epoch, "metric.at.epoch", closed(1, 1e6), diagnostics_);
            if (!value) return;
            header_.metric->at = MetricSpec::At::epoch;
            header_.metric->epoch = static_cast<std::uint64_t>(*value);
            header_.epoch_place = epoch->place;
        } else
            diagnostics_.error(
                node.place, "metric.at is " + (node.is_scalar() ? "'" + node.text + "'" : kind_name(node)) + ", not `final`, `best` or `{epoch: n}`");
    }

    void read_target(const Node& node) {
        if (!node.is_mapping() || node.entries.size() != 1)
            return diagnostics_.error(node.place,
                                      "target is " + kind_name(node) +
                                          (node.is_mapping() ? " of " + std::to_string(node.entries.size()) + " keys" : "") +
                                          ", not one metric with its value",
                                      "`target: {test_accuracy: 0.8}`");
        const Entry& entry = node.entries[0];
        const auto value = read_real(entry.value, "target." + entry.key, Interval{-unbounded, unbounded, true, true}, diagnostics_);
        header_.target_place = entry.key_place;
        if (value) header_.target = TargetSpec{entry.key, *value};
    }

    const Node& root_;
    Diagnostics& diagnostics_;
    Header header_;
};

bool is_recorded(const std::vector<std::string>& recorded, const std::string& metric) {
    return std::ranges::find(recorded, metric) != recorded.end();
}

}  // namespace

SeedRole seed_role(const Header& header, std::size_t place) {
    if (header.tune_seeds == 0) return SeedRole::both;
    return place < header.tune_seeds ? SeedRole::tune : SeedRole::report;
}

Header read_header(const Node& root, Diagnostics& diagnostics) { return HeaderReader(root, diagnostics).read(); }

MetricSpec resolved_metric(const Header& header, const std::vector<std::string>& recorded) {
    MetricSpec metric = header.metric.value_or(MetricSpec{});
    if (!header.metric || metric.name.empty()) {
        static const std::vector<std::string> preferred{"test_accuracy",   "test_rmse",      "validation_accuracy",
                                                        "validation_rmse", "train_accuracy", "train_rmse",
                                                        "valley"};
        const auto found = std::ranges::find_if(preferred, [&](const std::string& name) { return is_recorded(recorded, name); });
        if (found != preferred.end()) metric.name = *found;
    }
    if (!header.has_goal) metric.maximize = !smaller_is_better(metric.name);
    return metric;
}

void check_header_names(const Header& header, Diagnostics& diagnostics) {
    std::vector<std::string> recorded = metric_names(true, true, true);
    for (const std::string& metric : metric_names(false, true, true))
        if (!is_recorded(recorded, metric)) recorded.push_back(metric);
    check_header(header, resolved_metric(header, recorded), recorded, std::numeric_limits<std::uint64_t>::max(), diagnostics);
}

void check_header(const Header& header, const MetricSpec& metric, const std::vector<std::string>& recorded, std::uint64_t epochs,
                  Diagnostics& diagnostics) {
    if (!is_recorded(recorded, metric.name))
        diagnostics.error(header.metric_place, "this study records no '" + metric.name + "'", spelling_hint(metric.name, recorded));
    if (metric.at == MetricSpec::At::epoch && metric.epoch > epochs)
        diagnostics.error(header.epoch_place,
                          "metric.at.epoch = " + std::to_string(metric.epoch) + " is beyond the last epoch, " + std::to_string(epochs));
    if (header.target && !is_recorded(recorded, header.target->metric))
        diagnostics.error(header.target_place, "this study records no '" + header.target->metric + "'",
                          spelling_hint(header.target->metric, recorded));
}

}  // namespace etude
