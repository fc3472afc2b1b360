// `etude show`: everything of one trial.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/selection.hpp"
#include "cli/terminal_plot.hpp"
#include "report/summary.hpp"
#include "report/words.hpp"
#include "train/metrics.hpp"

namespace etude::cli {
namespace {

using Json = nlohmann::ordered_json;

struct ShowOptions {
    std::filesystem::path folder;
    std::string trial, metric;
    bool json = false;
};

/// The trial's own resolved text; the configuration's, which lacks the seed, while it is not done.
const std::string& resolved_of(const Results& results, const TrialResult& trial) {
    return trial.stored ? trial.stored->resolved : results.plan.configurations[trial.planned.configuration].resolved;
}

std::string status_of(const TrialResult& trial) { return trial.stored ? status_word(trial.stored->record.status) : "not done"; }

// ---- for people -----------------------------------------------------------------------------------------------------------------------------

std::string heading(const Results& results, std::size_t place) {
    const TrialResult& trial = results.trials[place];
    std::string text = fmt::format("trial {} of {}, id {}\n{}, seed {}", place, results.plan.study, trial.planned.id,
                                   label_of(results.plan, trial.planned.configuration), trial.planned.seed);
    if (trial.planned.role == SeedRole::tune) text += " (for choosing)";
    if (trial.planned.role == SeedRole::report) text += " (for reporting)";
    const auto& rank = results.configurations[trial.planned.configuration].rank;
    if (rank && results.configurations.size() > 1) text += fmt::format("; the configuration has rank {} of {}", *rank, results.configurations.size());
    return text + "\n";
}

/// Heading and a row for each metric: what it counts with at the start, at the end, and at its best.
std::vector<std::vector<std::string>> metric_rows(const Record& record) {
    std::vector<std::vector<std::string>> rows{{"metric", "final", "best", "after epoch"}};
    for (const Curve& curve : record.curves) {
        std::size_t best = 0;
        for (std::size_t i = 1; i < curve.values.size(); ++i)
            if (smaller_is_better(curve.metric) ? curve.values[i] < curve.values[best] : curve.values[i] > curve.values[best]) best = i;
        if (curve.values.empty()) rows.push_back({curve.metric, "", "", ""});
        else
            rows.push_back({curve.metric, six_digits(curve.final), six_digits(metric_after(record, curve.metric, best + 1)),
                            std::to_string(best + 1)});
    }
    return rows;
}

std::string outcome_text(const Results& results, const TrialResult& trial) {
    const Record& record = trial.stored->record;
    std::string text = fmt::format("{}: {} epochs, {} updates, {:.4g} s", status_of(trial), record.epochs, record.updates, record.wall_seconds);
    if (record.updates > 0) text += ", last rate " + rate_text(record.last_lr);
    if (record.diverged_at) text += fmt::format(", diverged at update {}", *record.diverged_at);
    if (!record.message.empty()) text += "\n" + record.message;
    if (trial.score)
        text += fmt::format("\nscore {} ({}{})", six_digits(trial.score), metric_words(results.plan.metric),
                            record.status == Status::diverged ? ", as it counts after divergence" : "");
    if (trial.epochs_to_target)
        text += fmt::format("\n{} {} reached after {} epochs", spaced(results.plan.target->metric), number(results.plan.target->value),
                            *trial.epochs_to_target);
    return text + "\n";
}

/// Empty for fewer than two values, or where some cannot stand on an axis from 0.
std::string curve_text(const std::string& what, const std::vector<double>& values) {
    if (values.size() < 2 || std::ranges::any_of(values, [](double v) { return !std::isfinite(v) || v < 0; })) return "";
    return fmt::format("\n{}\n{}", what,
                       terminal_plot(values, {.x_end = static_cast<double>(values.size()), .x_label = "epoch"}, letters_of_terminal()));
}

std::string curves_text(const Record& record, const std::string& metric) {
    std::string text;
    if (const Curve* curve = record.find(metric)) text += curve_text(spaced(metric), {curve->values.begin(), curve->values.end()});
    const auto [low, high] = record.epoch_lr.empty() ? std::pair(0.0, 0.0)
                                                     : std::pair(std::ranges::min(record.epoch_lr), std::ranges::max(record.epoch_lr));
    if (low != high) text += curve_text("rate at the end of each epoch", record.epoch_lr);
    return text;
}

std::string provenance_text(const Provenance& p) {
    return aligned({{"host", p.host}, {"CPU", p.cpu}, {"instruction set", p.isa}, {"oneDNN", p.onednn},
                    {"compiler", p.compiler}, {"etude", p.etude}, {"finished", p.finished_at}});
}

std::string show_text(const Results& results, std::size_t place, const std::string& metric) {
    const TrialResult& trial = results.trials[place];
    std::string text = heading(results, place);
    if (trial.stored) {
        text += outcome_text(results, trial) + "\n" + aligned(metric_rows(trial.stored->record));
        text += curves_text(trial.stored->record, metric) + "\n" + provenance_text(trial.stored->provenance);
    } else {
        text += "not done; `etude run " + results.folder.string() + "` does what is missing\n";
    }
    return text + "\n" + resolved_of(results, trial);
}

// ---- for programs ---------------------------------------------------------------------------------------------------------------------------

Json record_json(const Record& record) {
    Json json{{"status", status_word(record.status)}, {"message", record.message}, {"epochs", record.epochs}, {"updates", record.updates}};
    json["diverged_at"] = record.diverged_at ? Json(*record.diverged_at) : Json();
    json["wall_seconds"] = record.wall_seconds;
    Json& final = json["final"] = Json::object();
    Json& curves = json["curves"] = Json::object();
    for (const Curve& curve : record.curves) {
        final[curve.metric] = curve.values.empty() ? Json() : Json(curve.final);
        Json& values = curves[curve.metric] = Json::array();
        for (std::uint64_t epoch = 1; epoch <= curve.values.size(); ++epoch) values.push_back(*metric_after(record, curve.metric, epoch));
    }
    curves["lr"] = record.epoch_lr;
    if (!record.update_lr.empty()) json["lr_per_update"] = record.update_lr;
    Json& counts = json["counts_as"] = Json::object();
    for (const auto& [name, value] : record.counts_as) counts[name] = value;
    return json;
}

std::string show_json(const Results& results, std::size_t place) {
    const TrialResult& trial = results.trials[place];
    Json json{{"study", results.plan.study}, {"trial", place}, {"id", trial.planned.id}, {"seed", trial.planned.seed},
              {"configuration", label_of(results.plan, trial.planned.configuration)}};
    Json& cells = json["cells"] = Json::object();
    const Configuration& configuration = results.plan.configurations[trial.planned.configuration];
    for (std::size_t i = 0; i < results.plan.columns.size(); ++i) cells[results.plan.columns[i]] = configuration.cells[i];
    json["score"] = trial.score ? Json(*trial.score) : Json();
    json["record"] = trial.stored ? record_json(trial.stored->record) : Json();
    if (trial.stored) {
        const Provenance& p = trial.stored->provenance;
        json["provenance"] = {{"host", p.host}, {"cpu", p.cpu}, {"isa", p.isa}, {"onednn", p.onednn},
                              {"compiler", p.compiler}, {"etude", p.etude}, {"finished_at", p.finished_at}};
    }
    json["resolved"] = resolved_of(results, trial);
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

int show(const ShowOptions& options) {
    const Results results = load_results(Store::open(options.folder, Store::Access::read));
    const std::size_t place = require_trial(results, options.trial);
    if (options.json) {
        fmt::print("{}", show_json(results, place));
        return success;
    }
    const std::string metric = options.metric.empty() ? results.plan.metric.name : options.metric;
    if (const auto& stored = results.trials[place].stored; stored && stored->record.find(metric) == nullptr && !options.metric.empty()) {
        std::vector<std::string> names;
        for (const Curve& curve : stored->record.curves) names.push_back(curve.metric);
        throw Error("there is no metric '" + metric + "'", spelling_hint(metric, names));
    }
    fmt::print("{}", show_text(results, place, metric));
    return success;
}

}  // namespace

void add_show(CLI::App& app, Action& action) {
    auto options = std::make_shared<ShowOptions>();
    CLI::App* command = app.add_subcommand("show", "Show all of one trial: metrics, curve, provenance, resolved configuration");
    command->add_option("folder", options->folder, "Folder of results")->required()->type_name("DIR");
    command->add_option("trial", options->trial, "Its number in trials.csv, or the beginning of its id")->required()->type_name("ID");
    command->add_option("--metric", options->metric, "The curve to draw (default: the study's metric)")->type_name("NAME");
    add_text_or_json(*command, options->json);
    command->callback([options, &action] { action = [options] { return show(*options); }; });
}

}  // namespace etude::cli
