#include "plugin/stepping.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "plugin/bound.hpp"
#include "plugin/table.hpp"

namespace etude {
namespace {

// A plain number of the weights' size: an update of it is seen. A NaN would keep its bits through arithmetic.
constexpr float brick = 0.7310586f;

}  // namespace

GuardedFloats::GuardedFloats(std::size_t size) : size_(size), memory_(size + 2 * wall) {
    for (std::size_t i = 0; i < wall; ++i) memory_[i] = memory_[wall + size_ + i] = brick;
}

bool GuardedFloats::walls_stand() const {
    for (std::size_t i = 0; i < wall; ++i)
        if (std::memcmp(&memory_[i], &brick, sizeof brick) != 0 || std::memcmp(&memory_[wall + size_ + i], &brick, sizeof brick) != 0) return false;
    return true;
}

SteppedOptimizer::SteppedOptimizer(const Plugin& plugin, const OptimizerSpec& spec, std::vector<float> start)
    : spec_(spec),
      functions_(read_optimizer(read_table(plugin.table))),
      configuration_(plugin, spec.values, TimeScale{}),
      weights_(start.size()),
      gradients_(start.size()),
      scalars_(initial_scalars(read_table(plugin.table))),
      count_(start.size()) {
    std::ranges::copy(start, weights_.data());
    for (std::size_t k = 0; k < plugin.slots.size(); ++k) slots_.emplace_back(count_);
}

void SteppedOptimizer::step(std::uint64_t update, double lr, std::span<const float> gradients, etude_isa isa, std::vector<std::size_t> cuts) {
    ETUDE_ASSERT(functions_.step[isa] != nullptr, "a step of an instruction set that the plugin does not have");
    std::ranges::copy(gradients, gradients_.data());
    const etude_tensor tensor{.offset = 0, .count = count_, .dims = {count_, 1, 1, 1, 1}, .rank = 1, .role = ETUDE_BIAS, .groups = 0, .reserved = 0};
    const std::vector<double> before = scalars_;
    cuts.push_back(count_);
    std::size_t first = 0;
    for (const std::size_t end : cuts) {
        std::vector<double> scalars = before;
        std::vector<float*> slots;
        for (GuardedFloats& slot : slots_) slots.push_back(slot.data() + first);
        etude_step s{};
        s.size = sizeof s;
        s.index = update;
        s.total = 1000;
        s.per_epoch = 10;
        s.lr = lr;
        s.base_lr = spec_.lr;
        s.loss = 1;
        s.samples = 320;
        s.batch = 32;
        s.first = first;
        s.n = end - first;
        s.weights = weights_.data() + first;
        s.gradients = gradients_.data() + first;
        s.slots = slots.data();
        s.scalars = scalars.data();
        s.tensors = &tensor;
        s.n_tensors = 1;
        s.tensor_size = sizeof tensor;
        etude_error error{sizeof error, {}};
        if (functions_.step[isa](configuration_.self(), &s, &error) != 0)
            throw PluginFailure("optimizer '" + spec_.name + "' failed at update " + std::to_string(update) + ": " + reason_of(error));
        if (first == 0) scalars_ = scalars;
        first = end;
    }
}

std::vector<float> SteppedOptimizer::weights() { return {weights_.data(), weights_.data() + count_}; }

std::string SteppedOptimizer::state() {
    const auto bytes = [](const auto* data, std::size_t count) { return std::string(reinterpret_cast<const char*>(data), count * sizeof *data); };
    std::string all = bytes(weights_.data(), count_) + bytes(scalars_.data(), scalars_.size());
    for (GuardedFloats& slot : slots_) all += bytes(slot.data(), count_);
    return all;
}

void SteppedOptimizer::restore(SteppedOptimizer& other) {
    std::ranges::copy(other.weights_.span(), weights_.data());
    for (std::size_t k = 0; k < slots_.size(); ++k) std::ranges::copy(other.slots_[k].span(), slots_[k].data());
    scalars_ = other.scalars_;
}

bool SteppedOptimizer::walls_stand() const {
    return weights_.walls_stand() && gradients_.walls_stand() && std::ranges::all_of(slots_, &GuardedFloats::walls_stand);
}

}  // namespace etude
