// framework/data/dataset.hpp - samples in memory: once, whatever the number of workers, images as bytes until a batch is gathered.
// Thread safety: const after loading.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/aligned.hpp"

namespace etude {

/// Of one sample; a vector of features is {features, 1, 1}.
struct SampleShape {
    std::size_t channels = 0, height = 1, width = 1;
    std::size_t size() const { return channels * height * width; }
    bool operator==(const SampleShape&) const = default;
};

/// Samples of one role (training, validation, test), in the order of the source.
class Part {
  public:
    std::size_t count() const { return count_; }
    /// Class of sample i (classification), else 0.
    std::int32_t label(std::size_t i) const { return labels_.empty() ? 0 : labels_[i]; }
    /// Target of sample i (regression; for two classes also the label as 0 or 1).
    float target(std::size_t i) const { return targets_.empty() ? static_cast<float>(label(i)) : targets_[i]; }
    /// Writes the samples `rows` to dst: row r at dst + r * stride, `features` floats each; the rest of a row is left alone.
    void gather(std::span<const std::uint32_t> rows, float* dst, std::size_t stride) const;

    // Filled by the readers in data/, then never changed.
    std::size_t count_ = 0, features_ = 0;
    std::shared_ptr<const AlignedBuffer<float>> values_;        ///< [count, features], or null: then bytes_
    std::shared_ptr<const AlignedBuffer<std::uint8_t>> bytes_;  ///< [count, features]; a value is byte * scale + shift
    std::size_t first_ = 0;                                     ///< this part's first row in the buffer (parts may share one)
    float scale_ = 1, shift_ = 0;
    std::vector<std::int32_t> labels_;  ///< [count], or empty (regression)
    std::vector<float> targets_;        ///< [count], or empty (classification)
};

struct Dataset {
    std::string name;
    SampleShape shape;
    std::size_t classes = 0;  ///< 0: regression
    bool image = false;
    std::vector<std::string> class_names;
    Part train, validation, test;  ///< validation may be empty
};

}  // namespace etude
