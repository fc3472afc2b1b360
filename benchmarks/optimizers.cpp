// One step of every shipped optimizer over a million weights, beside a plain copy of as many bytes as the step must at least move: weights and
// state read and written, gradients read. CSV on stdout: optimizer,ns_per_weight,bytes_per_weight,copy_ns_per_weight.
#include <fmt/format.h>

#include <cstring>
#include <vector>

#include "base/aligned.hpp"
#include "base/random.hpp"
#include "plugin/bound.hpp"
#include "plugin/resolve.hpp"
#include "stopwatch.hpp"

namespace {

using namespace etude;

constexpr std::size_t rows = 1000, columns = 1000, weights = rows * columns;

/// One matrix: methods that look at matrices do their work, the others do not mind.
std::vector<etude_tensor> one_matrix() {
    etude_tensor tensor{};
    tensor.count = weights;
    for (std::size_t& dim : tensor.dims) dim = 1;
    tensor.dims[0] = rows, tensor.dims[1] = columns, tensor.rank = 2, tensor.groups = 1;
    return {tensor};
}

double step_seconds(const Plugin& plugin) {
    const auto resolution = resolve_optimizer(plugin, "", plugin.lr > 0 ? std::optional<double>{} : 1e-3, {});
    if (!resolution.problems.empty()) throw Error(plugin.description.name + ": " + resolution.problems.front().message);
    BoundOptimizer optimizer(plugin, resolution.spec, weights, {{.updates = 1'000'000, .per_epoch = 1000}, 0, 60000, one_matrix()});
    AlignedBuffer<float> w(weights), g(weights);
    Rng rng(1, "bench");
    for (std::size_t i = 0; i < weights; ++i) w.data()[i] = static_cast<float>(rng.normal()), g.data()[i] = static_cast<float>(0.01 * rng.normal());
    std::uint64_t update = 0;
    return bench::median_seconds([&] { optimizer.step(update++, 1e-6, 1.0, 32, {w.data(), weights}, {g.data(), weights}); });
}

double copy_seconds(std::size_t bytes) {
    // Half of the bytes are read and half are written.
    std::vector<char> from(bytes / 2, 1), to(bytes / 2);
    return bench::median_seconds([&] { std::memcpy(to.data(), from.data(), from.size()); });
}

}  // namespace

int main() {
    Registry registry = Registry::standard();
    fmt::print("optimizer,ns_per_weight,bytes_per_weight,copy_ns_per_weight\n");
    for (const Plugin* plugin : registry.all(PluginKind::optimizer)) {
        if (plugin->probes) continue;  // its step asks for losses elsewhere: a network's time, not a kernel's
        const std::size_t bytes = 4 * (3 + 2 * plugin->slots.size());
        const double per_weight = 1e9 / static_cast<double>(weights);
        fmt::print("{},{:.4f},{},{:.4f}\n", plugin->description.name, step_seconds(*plugin) * per_weight, bytes,
                   copy_seconds(bytes * weights) * per_weight);
        std::fflush(stdout);
    }
}
