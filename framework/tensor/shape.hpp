// framework/tensor/shape.hpp - sizes, and views of activations in the layouts that the kernels use.
//
//   Layout::rows           [samples][features], densely packed, an image as [channels][height][width]: the data's own, and that of products
//   Layout::columns        [features][samples], the samples of a feature padded to whole vectors of 16: what our own dense kernels read and
//                          write, with the samples in the lanes, so that neither weights nor gradients have to be packed
//   Layout::blocked16      [samples][channels / 16][height][width][16]: the channels of a pixel in the lanes; those that fill up the last
//   Layout::blocked8       block hold 0. What oneDNN's convolutions like with AVX-512, and (8) with AVX2
//   Layout::channels_last  [samples][height][width][channels]
// Between two layouts stands a seam: a transposition, or a oneDNN reorder.
#pragma once
#include <cstddef>
#include <string>

namespace etude {

inline constexpr std::size_t lanes = 16;  ///< floats in a vector of our own kernels, on every instruction set
constexpr std::size_t round_to_lanes(std::size_t n) { return (n + lanes - 1) / lanes * lanes; }

/// Of one sample as it enters the network; a vector of features is {features, 1, 1}.
struct InputShape {
    std::size_t channels = 0, height = 1, width = 1;
    std::size_t size() const { return channels * height * width; }
    bool operator==(const InputShape&) const = default;
};

inline std::string text_of(const InputShape& s) {
    return std::to_string(s.channels) + "x" + std::to_string(s.height) + "x" + std::to_string(s.width);
}
constexpr bool is_image(const InputShape& shape) { return shape.height * shape.width > 1; }

enum class TensorRole { weight, bias, scale, shift };  // same order as etude_role in sdk/abi.h

enum class Layout { rows, columns, blocked16, blocked8, channels_last };

/// Of a layer's source and destination.
struct Layouts {
    Layout src, dst;
};

/// Channels that stand together in a blocked layout; 1 for the others.
constexpr std::size_t block_of(Layout layout) { return layout == Layout::blocked16 ? 16 : layout == Layout::blocked8 ? 8 : 1; }
/// Channels with those that fill up the last block.
constexpr std::size_t padded_channels(std::size_t channels, Layout layout) {
    return (channels + block_of(layout) - 1) / block_of(layout) * block_of(layout);
}

/// Activations of a batch, or their derivatives. Owns nothing. `data` is 64-byte aligned and has floats() elements behind it; those
/// that pad a view hold numbers of no meaning that no result depends on.
struct View {
    float* data = nullptr;
    std::size_t samples = 0, features = 0;  ///< features: shape.size()
    std::size_t stride = 0;  ///< floats from one sample to the next; Layout::columns: from one feature to the next
    Layout layout = Layout::rows;
    InputShape shape;        ///< of one sample

    std::size_t floats() const { return round_to_lanes(stride * (layout == Layout::columns ? features : samples)); }
    explicit operator bool() const { return data != nullptr; }
};

/// A view without memory yet.
inline View shaped(std::size_t samples, const InputShape& shape, Layout layout) {
    const std::size_t of_sample = padded_channels(shape.channels, layout) * shape.height * shape.width;
    return {nullptr, samples, shape.size(), layout == Layout::columns ? round_to_lanes(samples) : of_sample, layout, shape};
}
inline View shaped(std::size_t samples, std::size_t features, Layout layout) { return shaped(samples, InputShape{features, 1, 1}, layout); }

}  // namespace etude
