#include "base/text.hpp"
#include "interchange/export.hpp"

namespace etude {
namespace {

void add_rows(const std::vector<std::string>& metrics, const Record& record, std::size_t trial, std::string& csv) {
    std::vector<const Curve*> curves;
    for (const std::string& metric : metrics) curves.push_back(record.find(metric));
    for (std::size_t epoch = 0; epoch < record.epochs; ++epoch) {
        csv += std::to_string(trial) + ',' + std::to_string(epoch + 1) + ',';
        if (epoch < record.epoch_lr.size()) csv += rate_text(record.epoch_lr[epoch]);
        for (const Curve* curve : curves) {
            csv += ',';
            if (curve != nullptr && epoch < curve->values.size()) csv += number(curve->values[epoch]);
        }
        csv += '\n';
    }
}

}  // namespace

std::string curves_csv(const Results& results) {
    std::string csv = "trial,epoch,lr";
    for (const std::string& metric : results.plan.metrics) csv += ',' + csv_field(metric);
    csv += '\n';
    for (std::size_t i = 0; i < results.trials.size(); ++i)
        if (results.trials[i].stored) add_rows(results.plan.metrics, results.trials[i].stored->record, i, csv);
    return csv;
}

}  // namespace etude
