// framework/tensor/convolution.hpp - convolutions of images by oneDNN.
//
// oneDNN chooses the formats of source, weights and destination together: told even one of them, it falls back to kernels many times slower.
// layouts_of() says what it chose for the activations, so that neighbours can agree; weights stay plain outside and are reordered at each
// execution, and so is whatever the two backward passes want in another format.
// Threads: as in dnnl.hpp.
#pragma once
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "tensor/dnnl.hpp"
#include "tensor/shape.hpp"

namespace etude {

/// dst(o, y, x) = bias(o) + sum over c, i, j of weights(o, c, i, j) * src(g + c, y * stride + i * dilation - top, x * stride + j * dilation - left),
/// a cross-correlation as in every framework; g is the first channel of o's group.
struct ConvolutionSizes {
    std::size_t samples = 0;
    InputShape src, dst;
    std::size_t kernel = 1, stride = 1, dilation = 1, groups = 1;
    std::size_t top = 0, bottom = 0, left = 0, right = 0;  ///< rows and columns of zeros around the source
};

/// Those in which oneDNN convolves fastest on this machine.
Layouts layouts_of(const ConvolutionSizes& sizes);

class Convolution {
  public:
    /// Buffers stay where they are. Weights and their gradients are plain [out, in / groups, kernel, kernel]. Evaluation leaves the derivatives
    /// without memory; diff_src has none where nobody needs it.
    struct Buffers {
        View src, dst, diff_dst, diff_src;
        const float* weights = nullptr;
        const float* bias = nullptr;  ///< [out], or null
        float* diff_weights = nullptr;
        float* diff_bias = nullptr;
    };
    /// `fused` is applied to the result.
    Convolution(const ConvolutionSizes& sizes, const Buffers& buffers, Fused fused, float slope);
    Convolution(Convolution&&) noexcept;
    ~Convolution();

    void forward();
    /// From diff_dst, with the fused function's derivative already applied, to the gradients and diff_src.
    void backward();
    /// "forward: jit:avx512_core", one line a direction.
    std::vector<std::string> kernels() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace etude
