#include "data/table_set.hpp"

#include <algorithm>
#include <cmath>

#include "data/row_split.hpp"
#include "data/type.hpp"

namespace etude {

Parameter column_scale_key() {
    return choice("scale", "none", {"standardize", "none"}, "standardize: mean 0 and deviation 1 of each column over the training part.");
}

DatasetOutline outline_of_table(const Values& values, std::size_t features, std::size_t rows, std::size_t classes) {
    const RowSplit split = split_rows(values, rows);
    const std::size_t held = validation_count(values.real("validation"), split.train.size());
    return {.shape = {.channels = features}, .classes = classes, .train = split.train.size() - held, .validation = held, .test = split.test.size()};
}

void standardize_columns(Dataset& set, AlignedBuffer<float>& values) {
    const std::size_t features = set.shape.size(), rows = values.size() / features;
    const float* const train = values.data() + set.train.first_ * features;
    for (std::size_t j = 0; j < features; ++j) {
        const auto n = static_cast<double>(set.train.count_);
        double sum = 0, squares = 0;
        for (std::size_t i = 0; i < set.train.count_; ++i) sum += static_cast<double>(train[i * features + j]);
        const double mean = sum / n;
        for (std::size_t i = 0; i < set.train.count_; ++i) squares += std::pow(static_cast<double>(train[i * features + j]) - mean, 2);
        const double deviation = std::sqrt(squares / n);
        const bool constant = !(deviation > 1e-12 * std::max(1.0, std::abs(mean)));  // what rounding leaves of a constant
        for (std::size_t i = 0; i < rows; ++i) {
            float& value = values[i * features + j];
            value = static_cast<float>((static_cast<double>(value) - mean) / (constant ? 1 : deviation));
        }
    }
}

std::shared_ptr<Dataset> dataset_of_table(const Component& data, const std::vector<float>& columns, const TableTargets& targets, std::size_t features) {
    const RowSplit split = split_rows(data.values, columns.size() / features);
    auto values = std::make_shared<AlignedBuffer<float>>((split.train.size() + split.test.size()) * features);
    auto set = std::make_shared<Dataset>();
    set->name = data.name;
    set->shape = {.channels = features};
    set->classes = targets.class_names.size();
    set->class_names = targets.class_names;
    const auto fill = [&](Part& part, std::size_t first, const std::vector<std::uint32_t>& rows) {
        part.count_ = rows.size();
        part.features_ = features;
        part.values_ = values;
        part.first_ = first;
        float* dst = values->data() + first * features;
        for (const std::uint32_t row : rows) {
            dst = std::copy_n(columns.data() + row * features, features, dst);
            if (targets.class_names.empty()) part.targets_.push_back(targets.values[row]);
            else part.labels_.push_back(targets.labels[row]);
        }
    };
    fill(set->train, 0, split.train);
    fill(set->test, split.train.size(), split.test);
    hold_validation_back(*set, validation_count(data.values.real("validation"), split.train.size()));
    if (data.values.word("scale") == "standardize") standardize_columns(*set, *values);
    return set;
}

}  // namespace etude
