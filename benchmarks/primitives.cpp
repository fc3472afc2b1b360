// The bare matrix products of the two dense networks: what a training step would cost if nothing but oneDNN ran. CSV: network,seconds
// blobs: 2-50-3, batch 32, a trial of 200 epochs of 16 updates with the evaluation of 500 samples after each; mlp: 784-128-10, batch 32, 1875 updates.
#include <fmt/format.h>

#include <vector>

#include "base/aligned.hpp"
#include "stopwatch.hpp"
#include "tensor/dnnl.hpp"

namespace {

using namespace etude;

/// The products of one dense layer: forward, weights' gradient, and the input's gradient where somebody needs it.
class DenseProducts {
  public:
    DenseProducts(std::size_t batch, std::size_t in, std::size_t out, bool is_first)
        : src_(batch * in), weights_(out * in), bias_(out), dst_(batch * out), gradient_(out * in) {
        const Matrix src{src_.data(), batch, in, in}, weights{weights_.data(), out, in, in}, dst{dst_.data(), batch, out, out};
        products_.emplace_back(src, transposed(weights), dst, Matmul::Options{.bias = bias_.data()});
        products_.emplace_back(transposed(dst), src, Matrix{gradient_.data(), out, in, in});
        if (!is_first) products_.emplace_back(dst, weights, src);
    }
    void forward() { products_.front().execute(); }
    void step() {
        for (Matmul& product : products_) product.execute();
    }

  private:
    AlignedBuffer<float> src_, weights_, bias_, dst_, gradient_;
    std::vector<Matmul> products_;
};

double blobs_trial() {
    DenseProducts hidden(32, 2, 50, true), last(32, 50, 3, false), hidden_test(500, 2, 50, true), last_test(500, 50, 3, false);
    const double step = bench::median_seconds([&] { hidden.step(), last.step(); });
    const double evaluation = bench::median_seconds([&] { hidden_test.forward(), last_test.forward(); });
    return 200 * (16 * step + evaluation);
}

double mlp_epoch() {
    DenseProducts hidden(32, 784, 128, true), last(32, 128, 10, false);
    return 1875 * bench::median_seconds([&] { hidden.step(), last.step(); });
}

}  // namespace

int main() { fmt::print("network,seconds\nblobs,{:.6f}\nmlp,{:.6f}\n", blobs_trial(), mlp_epoch()); }
