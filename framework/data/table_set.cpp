#include "data/table_set.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "data/row_split.hpp"

namespace etude {

Parameter column_scale_key() {
    return choice("scale", "none", {"standardize", "none"}, "standardize: mean 0 and deviation 1 of each column over the training part.");
}

DatasetOutline outline_of_table(const Values& values, const SampleShape& shape, std::size_t rows, std::size_t classes) {
    const RowSplit split = split_rows(values, rows);
    const std::size_t held = validation_count(values.real("validation"), split.train.size());
    return {.shape = shape, .classes = classes, .train = split.train.size() - held, .validation = held, .test = split.test.size()};
}

ColumnScale column_scale(const Values& values) {
    return values.has("scale") && values.word("scale") == "standardize" ? ColumnScale::standardize : ColumnScale::none;
}

void standardize_columns(AlignedBuffer<float>& values, const Dataset& set) {
    ETUDE_ASSERT(set.train.values_.get() == &values && set.test.values_.get() == &values, "parts with buffers of their own");
    const std::size_t features = set.shape.size(), plane = set.shape.height * set.shape.width, rows = values.size() / features;
    const float* const train = values.data() + set.train.first_ * features;
    const auto n = static_cast<double>(set.train.count_ * plane);
    for (std::size_t begin = 0; begin < features; begin += plane) {
        const auto over_training_part = [&](auto&& term) {
            double sum = 0;
            for (std::size_t i = 0; i < set.train.count_; ++i)
                for (std::size_t j = begin; j < begin + plane; ++j) sum += term(static_cast<double>(train[i * features + j]));
            return sum / n;
        };
        const double mean = over_training_part([](double value) { return value; });
        const double deviation = std::sqrt(over_training_part([mean](double value) { return (value - mean) * (value - mean); }));
        const bool constant = !(deviation > 1e-12 * std::max(1.0, std::abs(mean)));  // what rounding leaves of a constant
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t j = begin; j < begin + plane; ++j)
                values[i * features + j] = static_cast<float>((static_cast<double>(values[i * features + j]) - mean) / (constant ? 1 : deviation));
    }
}

std::shared_ptr<Dataset> dataset_of_table(const Component& data, const TableRows& rows, const TableTargets& targets) {
    const RowSplit split = split_rows(data.values, rows.count());
    const std::size_t features = rows.shape.size(), kept = split.train.size() + split.test.size();
    auto values = std::make_shared<AlignedBuffer<float>>(rows.values.empty() ? 0 : kept * features);
    auto bytes = std::make_shared<AlignedBuffer<std::uint8_t>>(rows.values.empty() ? kept * features : 0);
    auto set = std::make_shared<Dataset>();
    set->name = data.name;
    set->shape = rows.shape;
    set->classes = targets.class_names.size();
    set->class_names = targets.class_names;
    const auto fill = [&](Part& part, std::size_t first, const std::vector<std::uint32_t>& chosen) {
        part.count_ = chosen.size();
        part.features_ = features;
        part.first_ = first;
        if (rows.values.empty()) part.bytes_ = bytes;
        else part.values_ = values;
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            const std::size_t src = chosen[i] * features, dst = (first + i) * features;
            if (rows.values.empty()) std::copy_n(rows.bytes.data() + src, features, bytes->data() + dst);
            else std::copy_n(rows.values.data() + src, features, values->data() + dst);
            if (targets.class_names.empty()) part.targets_.push_back(targets.values[chosen[i]]);
            else part.labels_.push_back(targets.labels[chosen[i]]);
        }
    };
    fill(set->train, 0, split.train);
    fill(set->test, split.train.size(), split.test);
    hold_validation_back(*set, validation_count(data.values.real("validation"), split.train.size()));
    if (!rows.values.empty() && column_scale(data.values) == ColumnScale::standardize) standardize_columns(*values, *set);
    return set;
}

}  // namespace etude
