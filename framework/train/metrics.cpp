#include "train/metrics.hpp"

namespace etude {

std::vector<std::string> metric_names(bool classification, bool has_test, bool has_validation) {
    std::vector<std::string> names;
    const auto add = [&](const std::string& part) {
        names.push_back(part + "_loss");
        names.push_back(part + (classification ? "_accuracy" : "_rmse"));
    };
    add("train");
    if (has_test) add("test");
    if (has_validation) add("validation");
    return names;
}

bool smaller_is_better(std::string_view metric) { return !metric.ends_with("_accuracy"); }

}  // namespace etude
