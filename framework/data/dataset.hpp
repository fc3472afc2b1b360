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

/// A value is byte * scale + shift.
struct Scaling {
    float scale = 1, shift = 0;
    bool operator==(const Scaling&) const = default;
};

/// What happens to each training image when it is gathered, anew in each epoch: the usual augmentation of CIFAR (He et al. 2016,
/// arXiv:1512.03385, section 4.2). The window is cut first, then mirrored; what lies outside the image is the byte 0 (black), as PyTorch pads
/// pictures, not the value 0 after the scaling.
struct Augmentation {
    bool flip = false;     ///< mirrored left to right with probability 1/2
    std::size_t crop = 0;  ///< pixels of padding on each side, out of which a window of the image's size is cut at random
    bool any() const { return flip || crop > 0; }
};

/// What the choices of an augmentation are a function of, beside the sample's place in its part: never the worker or the batch.
struct AugmentationKey {
    std::uint64_t seed = 0, epoch = 0;
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
    /// The same, with the augmentation of this part, if it has one.
    void gather_augmented(std::span<const std::uint32_t> rows, float* dst, std::size_t stride, const AugmentationKey& key) const;

    // Filled by the readers in data/, then never changed.
    std::size_t count_ = 0, features_ = 0;
    SampleShape shape_{};  ///< of an image; else unused
    std::shared_ptr<const AlignedBuffer<float>> values_;        ///< [count, features], or null: then bytes_
    std::shared_ptr<const AlignedBuffer<std::uint8_t>> bytes_;  ///< [count, features]; scaled when gathered
    std::size_t first_ = 0;                                     ///< this part's first row in the buffer (parts may share one)
    std::vector<Scaling> scaling_{1};                           ///< of bytes: one for all, or one for each channel
    Augmentation augmentation_{};                               ///< of the training part
    std::vector<std::int32_t> labels_;  ///< [count], or empty (regression)
    std::vector<float> targets_;        ///< [count], or empty (classification)

  private:
    /// Calls write(r, bytes of rows[r], dst + r * stride) for each row.
    template <class F> void each_image(std::span<const std::uint32_t> rows, float* dst, std::size_t stride, F&& write) const;
};

struct Dataset {
    std::string name;
    SampleShape shape;
    std::size_t classes = 0;  ///< 0: regression
    bool image = false;
    std::vector<std::string> class_names;
    std::vector<std::string> feature_names;  ///< of a table with a header; may be empty
    std::string target_name;                 ///< of such a table; may be empty
    Part train, validation, test;  ///< validation may be empty
};

}  // namespace etude
