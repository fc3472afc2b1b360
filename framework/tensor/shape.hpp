// framework/tensor/shape.hpp - sizes, and views of activations in the two layouts that the kernels use.
//
//   Layout::rows     [samples][features], densely packed: what oneDNN reads and writes
//   Layout::columns  [features][samples], the samples of a feature padded to whole vectors of 16: what our own kernels read and write,
//                    with the samples in the lanes, so that neither weights nor gradients have to be packed
// A seam between the two is one transposition.
#pragma once
#include <cstddef>

namespace etude {

inline constexpr std::size_t lanes = 16;  ///< floats in a vector of our own kernels, on every instruction set
constexpr std::size_t round_to_lanes(std::size_t n) { return (n + lanes - 1) / lanes * lanes; }

/// Of one sample as it enters the network; a vector of features is {features, 1, 1}.
struct InputShape {
    std::size_t channels = 0, height = 1, width = 1;
    std::size_t size() const { return channels * height * width; }
    bool operator==(const InputShape&) const = default;
};

enum class TensorRole { weight, bias, scale, shift };  // same order as etude_role in sdk/abi.h

enum class Layout { rows, columns };

/// Activations of a batch, or their derivatives. Owns nothing. `data` is 64-byte aligned and has floats() elements behind it; those
/// that pad a view hold numbers of no meaning that no result depends on.
struct View {
    float* data = nullptr;
    std::size_t samples = 0, features = 0;
    std::size_t stride = 0;  ///< floats from one row (or column) to the next
    Layout layout = Layout::rows;

    std::size_t floats() const { return round_to_lanes(stride * (layout == Layout::rows ? samples : features)); }
    explicit operator bool() const { return data != nullptr; }
};

/// A view without memory yet.
inline View shaped(std::size_t samples, std::size_t features, Layout layout) {
    return {nullptr, samples, features, layout == Layout::rows ? features : round_to_lanes(samples), layout};
}

}  // namespace etude
