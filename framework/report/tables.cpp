#include "base/files.hpp"
#include "base/text.hpp"
#include "report/range_report.hpp"
#include "report/report.hpp"
#include "report/results.hpp"
#include "report/tables.hpp"

namespace etude {
namespace {

/// One line of RFC 4180.
class Row {
  public:
    Row& text(std::string_view value) {
        if (started_) line_ += ',';
        started_ = true;
        line_ += csv_field(value);
        return *this;
    }
    Row& texts(const std::vector<std::string>& values) {
        for (const std::string& value : values) text(value);
        return *this;
    }
    Row& count(std::uint64_t value) { return text(std::to_string(value)); }
    Row& real(const std::optional<double>& value) { return text(value ? number(*value) : ""); }
    Row& maybe(const std::optional<std::uint64_t>& value) { return text(value ? std::to_string(*value) : ""); }
    std::string end() const { return line_ + '\n'; }

  private:
    std::string line_;
    bool started_ = false;
};

std::string trial_row(const Results& results, std::size_t place) {
    const TrialResult& trial = results.trials[place];
    const Record& record = trial.stored->record;
    Row row;
    row.count(place).text(trial.planned.id).text(status_word(record.status)).count(trial.planned.seed);
    row.texts(results.plan.configurations[trial.planned.configuration].cells);
    for (const std::string& metric : results.plan.metrics) {
        const Curve* curve = record.find(metric);
        row.real(curve != nullptr && record.epochs > 0 ? std::optional(curve->final) : std::nullopt);
    }
    row.text(record.updates > 0 ? rate_text(record.last_lr) : "").count(record.epochs).maybe(record.diverged_at).real(trial.score);
    if (results.plan.target) row.maybe(trial.epochs_to_target);
    return row.end();
}

std::string timing_row(const Results& results, std::size_t place) {
    const StoredTrial& stored = *results.trials[place].stored;
    const Provenance& from = stored.provenance;
    Row row;
    row.count(place).text(stored.id).real(stored.record.wall_seconds).text(from.finished_at);
    return row.text(from.host).text(from.cpu).text(from.isa).text(from.onednn).text(from.compiler).text(from.etude).end();
}

}  // namespace

std::string trials_csv(const Results& results) {
    Row header;
    header.text("trial").text("id").text("status").text("seed").texts(results.plan.columns).texts(results.plan.metrics);
    header.text("lr").text("epochs").text("diverged_at").text("score");
    if (results.plan.target) header.text("epochs_to_target");
    std::string csv = header.end();
    for (std::size_t i = 0; i < results.trials.size(); ++i)
        if (results.trials[i].stored) csv += trial_row(results, i);
    return csv;
}

std::string summary_csv(const Results& results) {
    Row header;
    header.texts(results.plan.columns).text("n").text("mean").text("std").text("sem").text("ci_low").text("ci_high").text("diverged").text("rank");
    if (results.plan.pruning) header.text("pruned");
    std::string csv = header.end();
    for (std::size_t i = 0; i < results.configurations.size(); ++i) {
        const ConfigurationResult& configuration = results.configurations[i];
        const Statistics& s = configuration.score;
        Row row;
        row.texts(results.plan.configurations[i].cells).count(s.n).real(s.mean).real(s.std).real(s.sem);
        row.real(s.interval ? std::optional(s.interval->low) : std::nullopt).real(s.interval ? std::optional(s.interval->high) : std::nullopt);
        row.count(configuration.diverged).maybe(configuration.rank);
        if (results.plan.pruning) row.count(configuration.pruned);
        csv += row.end();
    }
    return csv;
}

std::string timing_csv(const Results& results) {
    std::string csv = "trial,id,wall_seconds,finished_at,host,cpu,isa,onednn,compiler,etude\n";
    for (std::size_t i = 0; i < results.trials.size(); ++i)
        if (results.trials[i].stored) csv += timing_row(results, i);
    return csv;
}

void write_tables(const Findings& findings) {
    const auto& [results, analysis] = findings;
    write_file(results.folder / "trials.csv", trials_csv(results));
    write_file(results.folder / "summary.csv", summary_csv(results));
    write_file(results.folder / "timing.csv", timing_csv(results));
    if (is_range_test(results.plan)) write_file(results.folder / "range_test.csv", range_csv(results));
    else write_file(results.folder / "statistics.json", analysis_json(results, analysis));
}

}  // namespace etude
