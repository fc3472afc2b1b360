// framework/tensor/pooling.hpp - the largest or the mean of each window of an image, by oneDNN, in any layout of images.
// Threads: as in dnnl.hpp.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "tensor/shape.hpp"

namespace etude {

/// `mean` divides by the window's whole area, padding included, as PyTorch does; the largest never is a padding.
enum class Pooled { largest, mean };

/// A window of height x width, moved by `stride`; `padding` rows and columns on each side.
struct PoolingSizes {
    std::size_t height = 1, width = 1, stride = 1, padding = 0;
};

class Pooling {
  public:
    /// Source and destination, and their derivatives, have one layout. Evaluation leaves the derivatives without memory.
    Pooling(Pooled pooled, const PoolingSizes& sizes, const View& src, const View& dst, const View& diff_dst, const View& diff_src);
    Pooling(Pooling&&) noexcept;
    ~Pooling();

    void forward();
    void backward();
    std::vector<std::string> kernels() const;  ///< as of Convolution

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace etude
