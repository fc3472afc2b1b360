#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.hpp"
#include "report/analysis.hpp"

namespace etude {
namespace {

bool is_rate(const std::string& column) { return column == "lr" || column.ends_with(".lr"); }

/// "schedule.name = cosine, optimizer.name = sgd": the cells beside the column.
std::string others_label(const Plan& plan, std::size_t configuration, std::size_t column) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < plan.columns.size(); ++i) {
        const std::string& cell = plan.configurations[configuration].cells[i];
        if (i != column && !cell.empty()) words.push_back(plan.columns[i] + " = " + cell);
    }
    return join(words, ", ");
}

/// Final value of the metric over reported seeds, diverged trials with what they count as.
std::optional<double> mean_loss(const Results& results, std::size_t configuration, const std::string& metric) {
    double sum = 0;
    std::size_t n = 0;
    for (const std::size_t place : results.configurations[configuration].trials) {
        const TrialResult& trial = results.trials[place];
        if (trial.planned.role == SeedRole::tune || !trial.stored) continue;
        const Record& record = trial.stored->record;
        if (record.status != Status::completed && record.status != Status::diverged) continue;
        const auto value = record.status == Status::diverged ? counts_as(record, metric) : metric_after(record, metric, record.epochs);
        if (value) sum += *value, ++n;
    }
    return n > 0 ? std::optional(sum / static_cast<double>(n)) : std::nullopt;
}

/// The loss at initialisation: the mean over the axis' trials. In stores of earlier versions only those that diverged know it.
std::optional<double> initial_loss(const Results& results, const std::vector<std::size_t>& configurations, const std::string& metric) {
    double sum = 0;
    std::size_t n = 0;
    for (const std::size_t c : configurations)
        for (const std::size_t place : results.configurations[c].trials)
            if (const auto& stored = results.trials[place].stored)
                if (const auto value = counts_as(stored->record, metric)) sum += *value, ++n;
    return n > 0 ? std::optional(sum / static_cast<double>(n)) : std::nullopt;
}

/// Mean over seeds after the first epoch: at a small rate little below the initial loss.
std::optional<double> loss_after_first_epoch(const Results& results, std::size_t configuration, const std::string& metric) {
    double sum = 0;
    std::size_t n = 0;
    for (const std::size_t place : results.configurations[configuration].trials)
        if (const auto& stored = results.trials[place].stored; stored && stored->record.status == Status::completed)
            if (const auto value = metric_after(stored->record, metric, 1)) sum += *value, ++n;
    return n > 0 ? std::optional(sum / static_cast<double>(n)) : std::nullopt;
}

/// The score's own metric when smaller is better, else the loss of the same part of the data.
std::string loss_of(const std::string& metric) {
    if (!larger_is_better(metric)) return metric;
    return metric.substr(0, metric.find('_')) + "_loss";
}

void add_sensitivity(const Results& results, RateAnalysis& axis) {
    axis.loss = loss_of(results.plan.metric.name);
    axis.initial_loss = initial_loss(results, axis.configurations, axis.loss);
    axis.initial_is_estimate = !axis.initial_loss;
    if (axis.initial_is_estimate) axis.initial_loss = loss_after_first_epoch(results, axis.configurations.front(), axis.loss);
    if (!axis.initial_loss) return;
    std::vector<double> losses;
    for (const std::size_t c : axis.configurations)
        if (const auto loss = mean_loss(results, c, axis.loss)) losses.push_back(*loss);
    if (losses.size() != axis.rates.size()) return;
    axis.sensitivity = lr_sensitivity(losses, *axis.initial_loss);
}

void add_tests(const Results& results, RateAnalysis& axis) {
    axis.family = compare(results, axis.configurations[axis.best], axis.configurations);
    std::vector<bool> good;
    for (const std::size_t c : axis.configurations) {
        const auto found = std::ranges::find(axis.family.comparisons, c, &Comparison::other);
        if (found != axis.family.comparisons.end() && !found->p) return;  // too few seeds to tell
        good.push_back(found == axis.family.comparisons.end() || !found->better);
    }
    axis.basin = basin_of(axis.rates, good, axis.best);
}

RateAnalysis analysed(const Results& results, std::size_t column, const std::map<double, std::size_t>& rates) {
    RateAnalysis axis;
    axis.column = results.plan.columns[column];
    axis.label = others_label(results.plan, rates.begin()->second, column);
    std::vector<double> diverged;
    for (const auto& [rate, c] : rates) {
        axis.rates.push_back(rate);
        axis.configurations.push_back(c);
        const ConfigurationResult& result = results.configurations[c];
        const std::size_t best = *results.configurations[axis.configurations[axis.best]].rank;
        if (*result.rank < best) axis.best = axis.rates.size() - 1;
        const std::size_t finished = result.trials.size() - result.missing - result.failed;
        diverged.push_back(static_cast<double>(result.diverged) / static_cast<double>(std::max<std::size_t>(1, finished)));
    }
    axis.family.reference = axis.configurations[axis.best];
    if (std::ranges::none_of(axis.configurations, [&](std::size_t c) { return results.configurations[c].pruned > 0; })) {
        add_tests(results, axis);
        add_sensitivity(results, axis);
    }
    axis.edge = stability_edge(axis.rates, diverged);
    axis.add = rates_to_add(axis.rates, axis.best);
    return axis;
}

/// How much worse `other` scores than `best`.
double worse_by(const Results& results, std::size_t other, std::size_t best) {
    const double difference = *results.configurations[best].score.mean - *results.configurations[other].score.mean;
    return results.plan.metric.maximize ? difference : -difference;
}

}  // namespace

std::vector<RateAnalysis> rate_analyses(const Results& results) {
    std::vector<RateAnalysis> all;
    for (std::size_t column = 0; column < results.plan.columns.size(); ++column) {
        if (!is_rate(results.plan.columns[column])) continue;
        std::vector<std::vector<std::string>> order;  // of first appearance
        std::map<std::vector<std::string>, std::map<double, std::size_t>> groups;
        for (std::size_t c = 0; c < results.configurations.size(); ++c) {
            std::vector<std::string> others = results.plan.configurations[c].cells;
            const auto rate = parse_real(others[column]);
            if (!rate || !(*rate > 0) || !std::isfinite(*rate) || !results.configurations[c].rank) continue;
            others[column].clear();
            if (!groups.contains(others)) order.push_back(others);
            groups[others].emplace(*rate, c);
        }
        for (const auto& others : order)
            if (groups[others].size() >= 3) all.push_back(analysed(results, column, groups[others]));
    }
    return all;
}

std::vector<Regret> regrets_of(const Results& results, const std::vector<RateAnalysis>& rates) {
    std::vector<Regret> all;
    for (std::size_t i = 0; i < rates.size(); ++i) {
        if (all.empty() || all.back().column != rates[i].column) all.push_back({rates[i].column, {}, {}});
        all.back().axes.push_back(i);
    }
    std::erase_if(all, [](const Regret& regret) { return regret.axes.size() < 2; });
    for (Regret& regret : all) {
        for (const std::size_t shape : regret.axes) {
            regret.cost.emplace_back();
            for (const std::size_t lender : regret.axes) {
                const RateAnalysis &own = rates[shape], &lent = rates[lender];
                const auto place = std::ranges::find(own.rates, lent.rates[lent.best]) - own.rates.begin();
                std::optional<double> cost;
                const bool is_whole = place < std::ssize(own.rates) &&
                                      results.configurations[own.configurations[static_cast<std::size_t>(place)]].pruned == 0;
                if (is_whole) cost = worse_by(results, own.configurations[static_cast<std::size_t>(place)], own.configurations[own.best]);
                regret.cost.back().push_back(cost);
            }
        }
    }
    return all;
}

}  // namespace etude
