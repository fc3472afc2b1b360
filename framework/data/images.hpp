// framework/data/images.hpp - what all data sets of images have in common: their keys, the scaling of bytes, augmentation.
#pragma once
#include <string>
#include <string_view>

#include "base/value.hpp"
#include "data/dataset.hpp"

namespace etude {

/// train, test, scale, flip, crop, validation.
Schema image_schema();
/// The samples that `key` (train, test) asks for: `all` unless given. Throws Error when there are not so many.
std::size_t wanted_samples(const Values& values, std::string_view key, std::size_t all);
/// flip and crop.
Schema augmentation_schema();
/// Shape, scaling (`scale` is unit, standardize or none; from the training part, without what is held back) and augmentation of all parts, whose
/// bytes are there.
void finish_images(Dataset& set, const std::string& scale, const Values& values);

}  // namespace etude
