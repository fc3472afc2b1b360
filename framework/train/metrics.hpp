// framework/train/metrics.hpp - which numbers a trial yields and which way is better.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace etude {

/// Names in column order: train_loss, train_accuracy (regression: train_rmse), then test_*, then validation_*, as far as there are such parts.
std::vector<std::string> metric_names(bool classification, bool has_test, bool has_validation);
/// Losses and rmse: smaller; accuracies: larger.
bool smaller_is_better(std::string_view metric);

}  // namespace etude
