#include "train/start_values.hpp"

#include <algorithm>

namespace etude {
namespace {

bool classifies(const Dataset& data) { return data.classes > 0; }

double most_frequent_share(const Part& part, std::size_t classes) {
    std::vector<std::size_t> counts(std::max<std::size_t>(classes, 1));
    for (std::size_t i = 0; i < part.count(); ++i) ++counts[static_cast<std::size_t>(part.label(i))];
    return static_cast<double>(*std::ranges::max_element(counts)) / static_cast<double>(part.count());
}

}  // namespace

StartValues start_values(const Dataset& data, const Measurement& measured) {
    StartValues values;
    const auto add = [&](const std::string& name, const Part& part, const Evaluation& start) {
        values.emplace_back(name + "_loss", start.loss);
        if (classifies(data)) values.emplace_back(name + "_accuracy", most_frequent_share(part, data.classes));
        else values.emplace_back(name + "_rmse", start.score);
    };
    add("train", data.train, measured.train);
    if (data.test.count() > 0) add("test", data.test, measured.test);
    if (data.validation.count() > 0) add("validation", data.validation, measured.validation);
    return values;
}

StartValues start_values(const Dataset& data, Model& fresh) {
    Measurement measured;
    const auto look_at = [&](const Part& part, Evaluation& result) {
        if (part.count() > 0) result = Evaluator(part, fresh.outputs(), classifies(data)).run(fresh);
    };
    look_at(data.train, measured.train);
    look_at(data.test, measured.test);
    look_at(data.validation, measured.validation);
    return start_values(data, measured);
}

void set_training_part(StartValues& values, const Dataset& data, const Evaluation& train) {
    values[0].second = train.loss;
    if (!classifies(data)) values[1].second = train.score;
}

}  // namespace etude
