// What a trial of benchmarks/studies would cost if nothing but oneDNN ran: the matrix products of the dense networks (blobs.yaml: 200 epochs of 16
// updates, and the evaluation of 500 samples after each; mlp_sgd.yaml: 1875 updates) and all primitives of the CNNs (cifar10_cnn.yaml, resnet20.yaml).
// Prints network,seconds of all, or of the one that is named.
#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

#include "bare_network.hpp"
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

/// 200 updates, and the evaluation of 1000 images before and after them.
double cifar10_cnn_trial() {
    constexpr std::size_t batch = 32;
    bench::BareNetwork network(batch, 3, 32);
    for (const dnnl_dim_t channels : {32, 64}) {
        for (int i = 0; i < 2; ++i) network.convolution(channels, 3, 1, true);
        network.max_pool();
    }
    DenseProducts hidden(batch, 4096, 512, false), last(batch, 512, 10, false);
    const double step = network.step_seconds() + bench::median_seconds([&] { hidden.step(), last.step(); });
    const double forward = network.forward_seconds() + bench::median_seconds([&] { hidden.forward(), last.forward(); });
    return 200 * step + 2 * 1000.0 / batch * forward;
}

/// 20 updates, and the evaluation of 500 images before and after them. Left out: the pool and the product at its end.
double resnet20_trial() {
    constexpr std::size_t batch = 128;
    bench::BareNetwork network(batch, 3, 32);
    network.convolution(16, 3, 1, false);
    network.batch_norm(true);
    for (const dnnl_dim_t channels : {16, 32, 64})
        for (int block = 0; block < 3; ++block) network.residual_block(channels, channels > 16 && block == 0 ? 2 : 1);
    return 20 * network.step_seconds() + 2 * 500.0 / batch * network.forward_seconds();
}

}  // namespace

int main(int count, char** words) {
    const std::vector<std::pair<std::string_view, double (*)()>> networks{
        {"blobs", blobs_trial}, {"mlp", mlp_epoch}, {"cifar10_cnn", cifar10_cnn_trial}, {"resnet20", resnet20_trial}};
    for (const auto& [name, seconds] : networks)
        if (count < 2 || name == words[1]) fmt::print("{},{:.6f}\n", name, seconds());
}
