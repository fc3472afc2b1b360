// The warnings beside the answer.
#include "report/answer.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <set>

#include "base/rounded.hpp"
#include "base/text.hpp"

namespace etude {
namespace {

/// "; add 10, 100" where the column is an axis of rates.
std::string to_add(const std::string& column, std::size_t best, const Analysis& analysis) {
    for (const RateAnalysis& axis : analysis.rates) {
        if (axis.column != column || axis.add.empty() || axis.configurations[axis.best] != best) continue;
        std::vector<std::string> rates;
        for (const double rate : axis.add) rates.push_back(rate_text(rate));
        return "; add " + join(rates, ", ");
    }
    return "";
}

/// "the best optimizer.lr = 1 is the largest of the grid".
void add_edges(const Results& results, const Analysis& analysis, std::size_t best, std::vector<std::string>& warnings) {
    for (std::size_t column = 0; column < results.plan.columns.size(); ++column) {
        std::set<double> values;
        for (const Configuration& configuration : results.plan.configurations)
            if (const auto value = parse_real(configuration.cells[column])) values.insert(*value);
        const std::string& cell = results.plan.configurations[best].cells[column];
        const auto value = parse_real(cell);
        if (!value || values.size() < 3 || (*value != *values.begin() && *value != *values.rbegin())) continue;
        if (*value == 0 && *value == *values.begin()) continue;  // off: nothing lies beyond
        warnings.push_back(fmt::format("The best {} = {} is the {} that was tried: a better one may lie beyond{}.", results.plan.columns[column],
                                       rounded_text(cell), *value == *values.begin() ? "smallest" : "largest",
                                       to_add(results.plan.columns[column], best, analysis)));
    }
}

/// The planned epochs stand in the resolved text of the configuration, which is our own.
std::uint64_t planned_epochs(const Configuration& configuration) {
    static constexpr std::string_view key = "epochs: ";
    const std::size_t at = configuration.resolved.find(key, configuration.resolved.find("\ntrain:"));
    return at == std::string::npos ? 0 : std::strtoull(configuration.resolved.c_str() + at + key.size(), nullptr, 10);
}

void add_early_stops(const Results& results, std::vector<std::string>& warnings) {
    std::size_t stopped = 0;
    for (const TrialResult& trial : results.trials) {
        if (!trial.stored || trial.stored->record.status != Status::completed) continue;
        const Configuration& configuration = results.plan.configurations[trial.planned.configuration];
        if (configuration.resolved.find("\nearly_stop:") == std::string::npos) continue;
        stopped += trial.stored->record.epochs < planned_epochs(configuration);
    }
    if (stopped > 0)
        warnings.push_back(fmt::format("{} of {} trials ended before their last epoch, by early_stop; their schedules were made for all epochs.",
                                       stopped, results.trials.size()));
}

void add_counts(const Results& results, std::vector<std::string>& warnings) {
    std::size_t missing = 0, diverged = 0, failed = 0, pruned = 0;
    for (const ConfigurationResult& c : results.configurations) missing += c.missing, diverged += c.diverged, failed += c.failed, pruned += c.pruned;
    const std::size_t all = results.trials.size();
    if (missing > 0) warnings.push_back(fmt::format("{} of {} trials are not done; etude run on this folder does them.", missing, all));
    if (diverged > 0)
        warnings.push_back(fmt::format("{} of {} trials diverged; each counts with the loss at initialisation, or the share of the most frequent "
                                       "class.", diverged, all));
    if (pruned > 0)
        warnings.push_back(fmt::format("{} of {} trials were pruned{}; each counts with its last value, if it has one.", pruned, all,
                                       results.plan.pruning ? " by " + pruning_text(*results.plan.pruning) : ""));
    add_early_stops(results, warnings);
    if (failed > 0)
        warnings.push_back(fmt::format("{} of {} trials failed and count nowhere; etude run on this folder tries them again.", failed, all));
}

void add_provenance(const Results& results, std::vector<std::string>& warnings) {
    struct Field {
        const char* what;
        std::string Provenance::* member;
    };
    constexpr std::array<Field, 6> fields{{{"hosts", &Provenance::host}, {"CPUs", &Provenance::cpu}, {"instruction sets", &Provenance::isa},
                                           {"oneDNN versions", &Provenance::onednn}, {"compilers", &Provenance::compiler},
                                           {"etude versions", &Provenance::etude}}};
    for (const Field& field : fields) {
        std::set<std::string> values;
        for (const TrialResult& trial : results.trials)
            if (trial.stored) values.insert(trial.stored->provenance.*field.member);
        if (values.size() < 2) continue;
        const std::vector<std::string> listed(values.begin(), values.end());
        warnings.push_back(fmt::format("Results of different {} are mixed: {}.", field.what, join(listed, "; ")));
    }
}

}  // namespace

std::vector<std::string> warnings_of(const Results& results, const Analysis& analysis) {
    std::vector<std::string> warnings = results.plan.warnings;
    add_counts(results, warnings);
    const auto best = std::ranges::count_if(results.configurations, [](const ConfigurationResult& c) { return c.rank == 1; });
    if (best == 1) add_edges(results, analysis, results.best_first.front(), warnings);
    add_provenance(results, warnings);
    return warnings;
}

}  // namespace etude
