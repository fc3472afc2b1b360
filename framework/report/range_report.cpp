#include "report/range_report.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "base/text.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

double round_to_two(double rate) { return parse_real(fmt::format("{:.2g}", rate)).value(); }

std::string rate(double value) { return number(parse_real(fmt::format("{:.3g}", value)).value()); }

const std::optional<RateSpread>& of(const RangeSummary& summary, RangeRule rule) { return summary.suggestions[static_cast<std::size_t>(rule)]; }

/// The rate to train with: the valley, else the steepest point, else a tenth of where it diverges.
std::optional<double> suggested(const RangeSummary& summary) {
    for (const RangeRule rule : {RangeRule::valley, RangeRule::steepest})
        if (of(summary, rule)) return of(summary, rule)->median;
    return std::nullopt;
}

std::string divergence_sentence(const RangeSummary& summary) {
    if (!summary.divergence)
        return fmt::format("No test diverged up to a rate of {}: a larger --to would show where the rates end.", rate(summary.last_rate));
    const RateSpread& d = *summary.divergence;
    std::string text = d.n == 1 ? fmt::format("The loss diverges at a rate of {}", rate(d.median))
                                : fmt::format("The loss diverges at a rate of {} (median; the first seed at {}, the last at {})", rate(d.median),
                                              rate(d.lowest), rate(d.highest));
    if (d.n < summary.tests)
        text += fmt::format("; {} of {} tests did not diverge up to {}", summary.tests - d.n, summary.tests, rate(summary.last_rate));
    return text + ".";
}

std::string no_fall_sentence(const RangeSummary& summary) {
    const std::string where = summary.tests == 1 ? "The" : fmt::format("In {} of {} tests the", summary.tests - summary.fallen, summary.tests);
    const std::string count = where + " loss never falls";
    if (summary.divergence)
        return count + " clearly below its start before it diverges: begin lower (--from), rise more slowly (--updates), "
                       "or look at model and data.";
    return count + " clearly below its start: rise higher (--to) or more slowly (--updates), or look at model and data.";
}

}  // namespace

bool is_range_test(const Plan& plan) { return plan.metrics == range_metrics(); }

RangeSummary range_summary(const Results& results, std::size_t configuration) {
    RangeSummary summary;
    std::vector<std::vector<double>> found(range_metrics().size());  // of each metric
    for (const std::size_t i : results.configurations[configuration].trials) {
        const auto& stored = results.trials[i].stored;
        if (!stored || stored->record.status != Status::completed) continue;
        ++summary.tests;
        const Record& record = stored->record;
        for (std::size_t m = 0; m < found.size(); ++m)
            if (const Curve* curve = record.find(range_metrics()[m])) found[m].push_back(curve->final);
        summary.fallen += record.find("minimum") != nullptr;
        if (record.update_lr.empty()) continue;
        summary.first_rate = record.update_lr.front();
        summary.last_rate = std::max(summary.last_rate, record.update_lr.back());
    }
    for (std::size_t rule = 0; rule < range_rule_count; ++rule) summary.suggestions[rule] = spread_of(found[rule]);
    summary.divergence = spread_of(found.back());
    return summary;
}

std::vector<std::string> range_answer(const Results& results, std::size_t configuration) {
    const RangeSummary summary = range_summary(results, configuration);
    const std::string label = label_of(results.plan, configuration);
    if (summary.tests == 0) return {label + ": no test is done yet."};
    std::vector<std::string> answer;
    if (const auto& valley = of(summary, RangeRule::valley)) {
        answer.push_back(valley->n == 1 ? fmt::format("{}: the valley suggests a rate of {}; one seed, so nothing is known of its spread.", label,
                                                      rate(valley->median))
                                        : fmt::format("{}: the valley suggests a rate of {} (half of the seeds between {} and {}, n = {}).", label,
                                                      rate(valley->median), rate(valley->low_quartile), rate(valley->high_quartile), valley->n));
    } else {
        answer.push_back(label + ": this test suggests no rate.");
    }
    if (summary.fallen < summary.tests) answer.push_back(no_fall_sentence(summary));
    answer.push_back(divergence_sentence(summary));
    return answer;
}

std::vector<std::vector<std::string>> range_rows(const Results& results) {
    const bool several = results.configurations.size() > 1;
    std::vector<std::vector<std::string>> rows{{"rule", "n", "median", "quartile 1", "quartile 3", "lowest", "highest"}};
    if (several) rows.front().insert(rows.front().begin(), "configuration");
    for (std::size_t c = 0; c < results.configurations.size(); ++c) {
        const RangeSummary summary = range_summary(results, c);
        const auto add = [&](const std::string& name, const std::optional<RateSpread>& s) {
            std::vector<std::string> row{name, std::to_string(s ? s->n : 0)};
            if (s) row.insert(row.end(), {rate(s->median), rate(s->low_quartile), rate(s->high_quartile), rate(s->lowest), rate(s->highest)});
            else row.insert(row.end(), 5, "");
            if (several) row.insert(row.begin(), label_of(results.plan, c));
            rows.push_back(std::move(row));
        };
        static const std::array<std::string, range_rule_count> names{"steepest", "valley", "minimum / 10", "slide", "divergence / 10"};
        for (std::size_t rule = 0; rule < range_rule_count; ++rule) add(names[rule], summary.suggestions[rule]);
        add("divergence", summary.divergence);
    }
    return rows;
}

std::string range_yaml(const Results& results, std::size_t configuration) {
    const RangeSummary summary = range_summary(results, configuration);
    const auto best = suggested(summary);
    if (!best) return "";
    double low = *best, high = *best;
    if (const auto& minimum = of(summary, RangeRule::minimum)) low = std::min(low, minimum->median), high = std::max(high, 10 * minimum->median);
    // Half a decade of air below; above, the rate at which the median seed diverges is worth one trial.
    low = round_to_two(low / std::sqrt(10.0));
    high = round_to_two(summary.divergence ? std::max(high, summary.divergence->median) : summary.last_rate);
    const auto points = std::max(3L, std::lround(3 * std::log10(high / low)) + 1);
    return fmt::format("sweep:\n  optimizer.lr: {{log: [{}, {}], points: {}}}\n", number(low), number(high), points) +
           fmt::format("schedule: {{name: one_cycle, max: {}}}\n", number(round_to_two(*best)));
}

std::string range_csv(const Results& results) {
    std::string csv = "trial,seed,update,lr,loss,smoothed\n";
    for (std::size_t i = 0; i < results.trials.size(); ++i) {
        const TrialResult& trial = results.trials[i];
        if (!trial.stored) continue;
        const Record& record = trial.stored->record;
        const Curve *loss = record.find(range_loss_curve), *smoothed = record.find(range_smoothed_curve);
        if (loss == nullptr || smoothed == nullptr) continue;
        for (std::size_t u = 0; u < loss->values.size() && u < smoothed->values.size(); ++u)
            csv += fmt::format("{},{},{},{},{},{}\n", i, trial.planned.seed, u, u < record.update_lr.size() ? rate_text(record.update_lr[u]) : "",
                               number(loss->values[u]), number(smoothed->values[u]));
    }
    return csv;
}

}  // namespace etude
