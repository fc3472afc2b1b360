#include "train/decision_map.hpp"

#include <algorithm>

#include "base/hash.hpp"

namespace etude {
namespace {

std::uint8_t chosen_class(std::span<const float> logits) {
    if (logits.size() == 1) return logits[0] > 0 ? 1 : 0;
    return static_cast<std::uint8_t>(std::ranges::max_element(logits) - logits.begin());
}

}  // namespace

bool has_decision_map(const Dataset& data) { return data.shape.size() == 2 && data.classes > 0 && data.classes <= 255; }

DecisionMap decision_map(Model& model, const Dataset& data, const Component& set) {
    constexpr std::size_t side = decision_map_side;
    const Samples samples = samples_of(data).value();
    const auto [x_min, x_max] = std::ranges::minmax(samples.x);
    const auto [y_min, y_max] = std::ranges::minmax(samples.y);
    const double x_margin = (x_max - x_min) / 20.0, y_margin = (y_max - y_min) / 20.0;
    DecisionMap map{.x_min = x_min - x_margin, .x_max = x_max + x_margin, .y_min = y_min - y_margin, .y_max = y_max + y_margin,
                    .columns = side, .rows = side, .classes = std::vector<std::uint8_t>(side * side), .samples = samples_name(set)};
    std::vector<float> outputs(side * model.outputs());
    for (std::size_t row = 0; row < side; ++row) {
        for (std::size_t column = 0; column < side; ++column) {
            float* const input = model.input() + column * model.input_stride();
            input[0] = static_cast<float>(map.x_min + (map.x_max - map.x_min) * static_cast<double>(column) / (side - 1));
            input[1] = static_cast<float>(map.y_min + (map.y_max - map.y_min) * static_cast<double>(row) / (side - 1));
        }
        model.predict(side, outputs.data());
        for (std::size_t column = 0; column < side; ++column)
            map.classes[row * side + column] = chosen_class({outputs.data() + column * model.outputs(), model.outputs()});
    }
    return map;
}

std::optional<Samples> samples_of(const Dataset& data) {
    if (data.shape.size() != 2 || data.classes == 0) return std::nullopt;
    Samples samples;
    for (const Part* part : {&data.train, &data.validation, &data.test}) {
        for (std::uint32_t row = 0; row < part->count(); ++row) {
            float point[2];
            part->gather({&row, 1}, point, 2);
            samples.x.push_back(point[0]);
            samples.y.push_back(point[1]);
            samples.labels.push_back(part->label(row));
        }
    }
    return samples;
}

std::string samples_name(const Component& data) {
    std::string text = data.name;
    for (const auto& [name, value] : data.values.entries()) text += "\n" + name + ": " + value_text(value);
    return hex(hash_bytes(text));
}

}  // namespace etude
