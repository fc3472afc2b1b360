#include "data/images.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/error.hpp"
#include "data/type.hpp"

namespace etude {
namespace {

/// Mean 0 and deviation 1 of channel `channel` over the training part.
Scaling standardisation(const Part& train, const SampleShape& shape, std::size_t channel) {
    const std::size_t plane = shape.height * shape.width;
    std::uint64_t sum = 0, squares = 0;
    for (std::size_t i = 0; i < train.count_; ++i) {
        const auto pixels = train.bytes_->span().subspan((train.first_ + i) * train.features_ + channel * plane, plane);
        for (const std::uint8_t byte : pixels) sum += byte, squares += std::uint64_t{byte} * byte;
    }
    const auto n = static_cast<double>(train.count_ * plane);
    const double mean = static_cast<double>(sum) / n;
    const double deviation = std::sqrt(static_cast<double>(squares) / n - mean * mean);
    if (!(deviation > 0))
        throw Error(shape.channels == 1 ? std::string("scale = standardize: all pixels of the training part are equal")
                                        : fmt::format("scale = standardize: all pixels of channel {} of the training part are equal", channel));
    return {static_cast<float>(1 / deviation), static_cast<float>(-mean / deviation)};
}

std::vector<Scaling> scaling(const std::string& word, const Part& train, const SampleShape& shape) {
    if (word == "none") return {{}};
    if (word == "unit") return {{.scale = 1.0f / 255.0f}};
    std::vector<Scaling> channels;
    for (std::size_t c = 0; c < shape.channels; ++c) channels.push_back(standardisation(train, shape, c));
    return channels;
}

}  // namespace

Schema augmentation_schema() {
    return {optional(flag("flip", false, "Mirror a training image left to right with probability 1/2, anew in each epoch; no unless given.")),
            optional(integer("crop", 0, closed(0, 32),
                             "Pixels of black around a training image, out of which a window of its size is cut at random in each epoch; "
                             "0 unless given."))};
}

Schema image_schema() {
    Schema schema = {optional(integer("train", 0, at_least(1), "The first samples of the training part; all unless given.")),
                     optional(integer("test", 0, at_least(0), "The first samples of the test part; all unless given.")),
                     choice("scale", "unit", {"unit", "standardize", "none"},
                            "unit: bytes / 255; standardize: mean 0 and deviation 1 of each channel over the training part; none: 0 to 255.")};
    std::ranges::move(augmentation_schema(), std::back_inserter(schema));
    schema.push_back(validation_key());
    return schema;
}

std::size_t wanted_samples(const Values& values, std::string_view key, std::size_t all) {
    if (!values.has(key)) return all;
    const auto wanted = static_cast<std::size_t>(values.integer(key));
    if (wanted > all) throw Error(fmt::format("{} = {} is more than the {} samples there are", key, wanted, all));
    return wanted;
}

void finish_images(Dataset& set, const std::string& scale, const Values& values) {
    const std::vector<Scaling> channels = scaling(scale, set.train, set.shape);
    for (Part* part : {&set.train, &set.validation, &set.test}) {
        part->shape_ = set.shape;
        part->scaling_ = channels;
    }
    set.train.augmentation_ = {.flip = values.has("flip") && values.flag("flip"),
                               .crop = values.has("crop") ? static_cast<std::size_t>(values.integer("crop")) : 0};
}

}  // namespace etude
