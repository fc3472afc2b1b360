// framework/tensor/dnnl.hpp - oneDNN, behind the few shapes that layers need of it.
//
// primitive.hpp, private to this folder, is the only file that knows oneDNN 2.x from 3.x; convolution.hpp and reorder.hpp hold the images.
// A primitive, its memory objects and its argument list are made once; execute() looks nothing up and allocates nothing of ours.
// The scratchpad is the primitive's own. Threads: make, use and destroy a primitive on one thread.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace etude {

std::string onednn_version();  ///< of the library that runs: "2.6.3"
std::string onednn_isa();      ///< the best instruction set it uses on this CPU: "avx512_core_amx"

/// The functions that can be fused into a matrix product. ReLU is not one of them: oneDNN's turns NaN into 0 and would hide that a network
/// diverged; all of these keep NaN.
enum class Fused { none, leaky_relu, elu, tanh, sigmoid, softplus };

/// A float matrix in memory: element (i, j) at data[i * row_stride + j * column_stride]; one of the strides is 1.
struct Matrix {
    float* data = nullptr;
    std::size_t rows = 0, columns = 0;
    std::size_t row_stride = 0, column_stride = 1;
};
inline Matrix transposed(const Matrix& m) { return {m.data, m.columns, m.rows, m.column_stride, m.row_stride}; }

/// dst = fused(src * weights + bias), on buffers that stay where they are.
class Matmul {
  public:
    struct Options {
        const float* bias = nullptr;  ///< [dst.columns], or null
        Fused fused = Fused::none;
        float slope = 0;              ///< of leaky_relu on the negative side; elu's alpha
    };
    Matmul(const Matrix& src, const Matrix& weights, const Matrix& dst, const Options& options);
    Matmul(const Matrix& src, const Matrix& weights, const Matrix& dst);
    Matmul(Matmul&&) noexcept;
    ~Matmul();

    void execute();
    std::string kernel() const;  ///< oneDNN's name of the implementation: "brg:avx512_core"

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace etude
