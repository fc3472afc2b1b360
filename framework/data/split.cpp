#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/blobs.hpp"
#include "data/table_set.hpp"

namespace etude {

Parameter validation_key() {
    return real("validation", 0, at_least(0),
                "Share (below 1) or count of the training samples, the last ones, that are held back for validation; 0: none.");
}

std::size_t validation_count(double validation, std::size_t train) {
    const double exact = validation < 1 ? validation * static_cast<double>(train) : validation;
    if (validation >= 1 && exact != std::floor(exact))
        throw Error("validation = " + number(validation) + " is neither a share below 1 nor a whole count");
    // Keras: the training part ends at int(n (1 - share)).
    const auto count =
        static_cast<std::size_t>(validation < 1 ? static_cast<double>(train) - std::floor(static_cast<double>(train) * (1 - validation)) : exact);
    if (count >= train && count > 0)
        throw Error("validation = " + number(validation) + " leaves none of the " + std::to_string(train) + " training samples",
                    "a smaller share or count");
    return count;
}

void hold_validation_back(Dataset& set, std::size_t count) {
    if (count == 0) return;
    const std::size_t kept = set.train.count_ - count;
    const auto at = [kept](auto& list) { return list.begin() + static_cast<std::ptrdiff_t>(kept); };
    Part& held = set.validation;
    held = set.train;
    held.first_ += kept;
    held.count_ = count;
    if (!held.labels_.empty()) held.labels_.erase(held.labels_.begin(), at(held.labels_));
    if (!held.targets_.empty()) held.targets_.erase(held.targets_.begin(), at(held.targets_));
    set.train.count_ = kept;
    if (!set.train.labels_.empty()) set.train.labels_.erase(at(set.train.labels_), set.train.labels_.end());
    if (!set.train.targets_.empty()) set.train.targets_.erase(at(set.train.targets_), set.train.targets_.end());
}

std::shared_ptr<const Dataset> dataset_of_points(const std::string& name, const LabelledPoints& points, const DatasetOutline& outline,
                                                 ColumnScale scale) {
    const std::size_t features = outline.shape.channels, train = outline.train + outline.validation;
    auto values = std::make_shared<AlignedBuffer<float>>(points.values.size());
    for (std::size_t i = 0; i < points.values.size(); ++i) (*values)[i] = static_cast<float>(points.values[i]);
    auto set = std::make_shared<Dataset>();
    set->name = name;
    set->shape = outline.shape;
    set->classes = outline.classes;
    const auto fill = [&](Part& part, std::size_t first, std::size_t count) {
        part.count_ = count;
        part.features_ = features;
        part.values_ = values;
        part.first_ = first;
        const auto begin = points.labels.begin() + static_cast<std::ptrdiff_t>(first);
        part.labels_.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
    };
    fill(set->train, 0, train);
    fill(set->test, train, points.labels.size() - train);
    hold_validation_back(*set, outline.validation);
    if (scale == ColumnScale::standardize) standardize_columns(*values, *set);
    return set;
}

}  // namespace etude
