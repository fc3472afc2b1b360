// framework/report/words.hpp - names of metrics and columns in sentences, titles and file names.
#pragma once
#include <string>
#include <vector>

#include "train/plan.hpp"

namespace etude {

std::string spaced(const std::string& name);              ///< test_accuracy: "test accuracy"
std::string capital(std::string text);                    ///< the first ASCII letter large
std::string file_word(const std::string& name);           ///< optimizer.lr: "optimizer-lr"
std::string label_of(const Plan& plan, std::size_t configuration);  ///< the study's name where the label is empty
/// The cells of a column, one a configuration: rounded, or as they are where rounding would make two values one.
std::vector<std::string> shown_cells(const Plan& plan, std::size_t column);
std::string metric_words(const MetricSpec& metric);       ///< "final test accuracy", "best ...", "... after epoch 5"

}  // namespace etude
