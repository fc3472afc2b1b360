// What a training step would cost if nothing but oneDNN ran: the bare matrix products of the two dense networks, and for the CNNs what lies between
// the convolutions and products, which oneDNN's log times in the trial itself. CSV: network,seconds
// blobs: 2-50-3, batch 32, a trial of 200 epochs of 16 updates with the evaluation of 500 samples after each; mlp: 784-128-10, batch 32, 1875
// updates; cifar10_cnn, resnet20: of one update of studies/cifar10_cnn.yaml and studies/resnet20.yaml.
#include <fmt/format.h>

#include <vector>

#include "bare_layers.hpp"
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

double cifar10_cnn_between() {
    bench::BareLayers layers(32);
    double sum = 0;
    for (const auto& [channels, side] : {std::pair{32, 32}, {64, 16}})
        sum += 2 * layers.relu_backward(channels, side) + layers.max_pool(channels, side);
    return sum;
}

/// A norm and ReLU in front; three stages of three blocks, each with two norms, one before a ReLU, and a sum; a norm more in the shortcuts of two.
double resnet20_between() {
    bench::BareLayers layers(128);
    double sum = layers.batch_norm(16, 32, true);
    for (const auto& [channels, side] : {std::pair{16, 32}, {32, 16}, {64, 8}})
        sum += 3 * (layers.batch_norm(channels, side, true) + layers.batch_norm(channels, side, false) + layers.residual_sum(channels, side)) +
               (channels > 16 ? layers.batch_norm(channels, side, false) : 0.0);
    return sum;
}

}  // namespace

int main() {
    fmt::print("network,seconds\nblobs,{:.6f}\nmlp,{:.6f}\n", blobs_trial(), mlp_epoch());
    fmt::print("cifar10_cnn,{:.6f}\nresnet20,{:.6f}\n", cifar10_cnn_between(), resnet20_between());
}
