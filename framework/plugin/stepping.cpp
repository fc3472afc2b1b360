#include "plugin/stepping.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "plugin/bound.hpp"
#include "plugin/table.hpp"

namespace etude {
namespace {

/// A surface that is asked at points of which every element was written.
class Watched : public BatchLoss {
  public:
    Watched(BatchLoss& surface, GuardedFloats& point) : surface_(surface), point_(point) {}
    double loss(std::span<const float> point) override {
        look();
        const double loss = surface_.loss(point);
        point_.spoil();
        return loss;
    }
    double gradient(std::span<const float> point, std::span<float> gradients) override {
        look();
        const double loss = surface_.gradient(point, gradients);
        point_.spoil();
        return loss;
    }
    bool was_incomplete() const { return was_incomplete_; }

  private:
    void look() { was_incomplete_ = was_incomplete_ || point_.has_spoilt(); }

    BatchLoss& surface_;
    GuardedFloats& point_;
    bool was_incomplete_ = false;
};

}  // namespace

double Bowl::loss(std::span<const float> point) {
    double sum = 1;
    for (std::size_t i = 0; i < point.size(); ++i) {
        const double d = double{point[i]} - centre_[i];
        sum += slope_[i] * d + d * d / 2;
    }
    return sum;
}

double Bowl::gradient(std::span<const float> point, std::span<float> gradients) {
    for (std::size_t i = 0; i < point.size(); ++i) gradients[i] = slope_[i] + (point[i] - centre_[i]);
    return loss(point);
}

SteppedOptimizer::SteppedOptimizer(const Plugin& plugin, const OptimizerSpec& spec, std::vector<float> start)
    : spec_(spec),
      functions_(read_optimizer(read_table(plugin.table))),
      configuration_(plugin, spec.values, TimeScale{}),
      weights_(start.size()),
      gradients_(start.size()),
      prober_(functions_, start.size()),
      scalars_(initial_scalars(read_table(plugin.table))),
      count_(start.size()) {
    std::ranges::copy(start, weights_.data());
    for (std::size_t k = 0; k < plugin.slots.size(); ++k) slots_.emplace_back(count_);
}

/// [first, end) of the buffers as a call sees them, with the scalars as before the update.
struct SteppedOptimizer::Part {
    Part(SteppedOptimizer& owner, const etude_step& frame, std::size_t first, std::size_t end, std::vector<double> before)
        : scalars(std::move(before)), step(frame) {
        for (GuardedFloats& slot : owner.slots_) slots.push_back(slot.data() + first);
        step.first = first;
        step.n = end - first;
        step.weights = owner.weights_.data() + first;
        step.gradients = owner.gradients_.data() + first;
        step.slots = slots.data();
        step.scalars = scalars.data();
        if (step.probe_gradients != nullptr) step.probe_gradients += first;
    }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

    std::vector<float*> slots;
    std::vector<double> scalars;
    etude_step step;
};

void SteppedOptimizer::step(std::uint64_t update, double lr, std::span<const float> gradients, etude_isa isa, std::vector<std::size_t> cuts) {
    Bowl bowl(weights_.span(), gradients);
    step(update, lr, 1, gradients, bowl, isa, std::move(cuts));
}

void SteppedOptimizer::step(std::uint64_t update, double lr, double loss, std::span<const float> gradients, BatchLoss& surface, etude_isa isa,
                            std::vector<std::size_t> cuts) {
    ETUDE_ASSERT(functions_.step[isa] != nullptr, "a step of an instruction set that the plugin does not have");
    std::ranges::copy(gradients, gradients_.data());
    const etude_tensor tensor{.offset = 0, .count = count_, .dims = {count_, 1, 1, 1, 1}, .rank = 1, .role = ETUDE_BIAS, .groups = 0, .reserved = 0};
    etude_step frame{};
    frame.size = sizeof frame;
    frame.index = update;
    frame.total = 1000;
    frame.per_epoch = 10;
    frame.lr = lr;
    frame.base_lr = spec_.lr;
    frame.loss = loss;
    frame.samples = 320;
    frame.batch = 32;
    frame.tensors = &tensor;
    frame.n_tensors = 1;
    frame.tensor_size = sizeof tensor;
    etude_error error{sizeof error, {}};
    const std::vector<double> before = scalars_;
    Part whole(*this, frame, 0, count_, before);
    if (functions_.probe != nullptr) look_around(whole, surface, error);
    cuts.push_back(count_);
    std::size_t first = 0;
    for (const std::size_t end : cuts) {
        Part part(*this, whole.step, first, end, before);
        if (functions_.step[isa](configuration_.self(), &part.step, &error) != 0) fail(update, reason_of(error));
        if (first == 0) scalars_ = part.scalars;
        first = end;
    }
}

void SteppedOptimizer::look_around(Part& whole, BatchLoss& surface, etude_error& error) {
    const std::string before = state();
    const std::vector<double> scalars = whole.scalars;
    prober_.point().spoil();
    Watched watched(surface, prober_.point());
    if (!prober_.run(configuration_.self(), whole.step, watched, error)) fail(whole.step.index, reason_of(error));
    if (watched.was_incomplete()) fail(whole.step.index, "it asks at a point that it did not write whole");
    if (state() != before || std::memcmp(scalars.data(), whole.scalars.data(), scalars.size() * sizeof(double)) != 0)
        fail(whole.step.index, "it changes weights or state by asking");
}

void SteppedOptimizer::fail(std::uint64_t update, const std::string& reason) const {
    throw PluginFailure("optimizer '" + spec_.name + "' failed at update " + std::to_string(update) + ": " + reason);
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
    return weights_.walls_stand() && gradients_.walls_stand() && prober_.point().walls_stand() &&
           std::ranges::all_of(slots_, &GuardedFloats::walls_stand);
}

}  // namespace etude
