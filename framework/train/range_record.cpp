#include "train/range_record.hpp"

#include <string>

namespace etude {

void record_range_test(Record& record, const RangeTestSpec& test, std::vector<float> losses) {
    const RangeAnalysis analysis = analyse_range(test, losses);
    record.diverged_at = analysis.diverged_at;
    record.curves.clear();
    const auto add = [&](const std::string& metric, std::vector<float> values, double final) {
        record.curves.push_back({.metric = metric, .values = std::move(values), .final = final});
    };
    const auto add_rate = [&](const std::string& metric, const std::optional<double>& rate) {
        if (rate) add(metric, {static_cast<float>(*rate)}, *rate);
    };
    for (std::size_t rule = 0; rule < range_rule_count; ++rule) add_rate(range_rule_words()[rule], analysis.suggestions[rule]);
    add_rate(range_metrics().back(), analysis.divergence_rate);
    add(range_smoothed_curve, {analysis.smoothed.begin(), analysis.smoothed.end()}, analysis.smoothed.back());
    const auto last = static_cast<double>(losses.back());
    add(range_loss_curve, std::move(losses), last);
    record.epochs = 1;
    record.epoch_lr = {record.last_lr};
}

}  // namespace etude
