#include "report/results.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace etude {
namespace {

double widened(float value) {
    if (!std::isfinite(value)) return static_cast<double>(value);
    std::array<char, 32> shortest;
    const auto end = std::to_chars(shortest.data(), shortest.data() + shortest.size(), value).ptr;
    double read = 0;
    std::from_chars(shortest.data(), end, read);
    return read;
}

std::optional<double> best_of(const Record& record, const MetricSpec& metric) {
    std::optional<double> best;
    for (std::uint64_t epoch = 1; epoch <= record.epochs; ++epoch) {
        const auto value = metric_after(record, metric.name, epoch);
        if (value && (!best || (metric.maximize ? *value > *best : *value < *best))) best = value;
    }
    return best;
}

std::optional<double> score_of(const Record& record, const MetricSpec& metric) {
    if (record.status == Status::diverged) return counts_as(record, metric.name);
    if (record.status == Status::failed) return std::nullopt;
    switch (metric.at) {
        case MetricSpec::At::best: return best_of(record, metric);
        case MetricSpec::At::epoch: return metric_after(record, metric.name, std::min(metric.epoch, record.epochs));
        case MetricSpec::At::final: return metric_after(record, metric.name, record.epochs);
    }
    return std::nullopt;
}

std::optional<std::uint64_t> epochs_to_target(const Record& record, const std::optional<TargetSpec>& target) {
    const Curve* curve = target ? record.find(target->metric) : nullptr;
    if (curve == nullptr) return std::nullopt;
    for (std::uint64_t epoch = 1; epoch <= std::min<std::uint64_t>(record.epochs, curve->values.size()); ++epoch) {
        const double value = metric_after(record, target->metric, epoch).value_or(std::nan(""));
        if (larger_is_better(target->metric) ? value >= target->value : value <= target->value) return epoch;
    }
    return std::nullopt;
}

void add_samples(const Store& store, const TrialResult& trial, Results& results) {
    if (!trial.stored || !trial.stored->record.decision) return;
    const std::string& name = trial.stored->record.decision->samples;
    if (results.samples.contains(name)) return;
    if (auto samples = store.samples(name)) results.samples.emplace(name, std::move(*samples));
}

void count(const TrialResult& trial, ConfigurationResult& configuration) {
    if (!trial.stored) ++configuration.missing;
    else if (trial.stored->record.status == Status::diverged) ++configuration.diverged;
    else if (trial.stored->record.status == Status::failed) ++configuration.failed;
    else if (trial.stored->record.status == Status::pruned) ++configuration.pruned;
}

/// By the seeds for choosing. A mean without a number in it ranks nowhere; what a rule has ended ranks behind what it has not, and so
/// does, where there is a rule, what diverged on every seed before it could be ended.
void rank(Results& results) {
    std::vector<std::optional<double>> whole, ended;
    for (const ConfigurationResult& c : results.configurations) {
        const std::optional<double> mean = c.score.mean ? c.choice.mean : std::nullopt;
        const bool is_ended = c.pruned > 0 || (results.plan.pruning && c.diverged == c.trials.size());
        whole.push_back(is_ended ? std::nullopt : mean);
        ended.push_back(is_ended ? mean : std::nullopt);
    }
    auto ranks = ranks_of(whole, results.plan.metric.maximize);
    const auto before = static_cast<std::size_t>(std::ranges::count_if(ranks, [](const auto& rank) { return rank.has_value(); }));
    const auto behind = ranks_of(ended, results.plan.metric.maximize);
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        if (behind[i]) ranks[i] = before + *behind[i];
        results.configurations[i].rank = ranks[i];
        results.best_first.push_back(i);
    }
    const auto place = [&](std::size_t i) { return ranks[i].value_or(ranks.size() + 1); };
    std::ranges::stable_sort(results.best_first, {}, place);
}

}  // namespace

bool larger_is_better(const std::string& metric) { return metric.ends_with("accuracy"); }

std::optional<double> counts_as(const Record& record, const std::string& metric) {
    for (const auto& [name, value] : record.counts_as)
        if (name == metric) return value;
    return std::nullopt;
}

std::optional<double> metric_after(const Record& record, const std::string& metric, std::uint64_t epoch) {
    const Curve* curve = record.find(metric);
    if (curve != nullptr && epoch >= 1 && epoch <= curve->values.size())
        return epoch == curve->values.size() ? curve->final : widened(curve->values[epoch - 1]);
    if (record.status == Status::diverged && epoch > record.epochs) return counts_as(record, metric);
    return std::nullopt;
}

Results load_results(const Store& store) {
    Results results{.folder = store.folder(), .plan = store.plan(), .trials = {}, .configurations = {}, .best_first = {}, .samples = {}};
    results.configurations.resize(results.plan.configurations.size());
    std::vector<std::vector<double>> scores(results.configurations.size()), choices(scores);
    for (const PlannedTrial& planned : results.plan.trials) {
        TrialResult trial{planned, store.find(planned.id), {}, {}};
        if (trial.stored) {
            trial.score = score_of(trial.stored->record, results.plan.metric);
            trial.epochs_to_target = epochs_to_target(trial.stored->record, results.plan.target);
        }
        ConfigurationResult& configuration = results.configurations.at(planned.configuration);
        configuration.trials.push_back(results.trials.size());
        count(trial, configuration);
        if (trial.score && planned.role != SeedRole::tune) scores[planned.configuration].push_back(*trial.score);
        if (trial.score && planned.role != SeedRole::report) choices[planned.configuration].push_back(*trial.score);
        add_samples(store, trial, results);
        results.trials.push_back(std::move(trial));
    }
    for (std::size_t i = 0; i < scores.size(); ++i) {
        results.configurations[i].score = statistics_of(scores[i]);
        results.configurations[i].choice = statistics_of(choices[i]);
    }
    rank(results);
    return results;
}

}  // namespace etude
