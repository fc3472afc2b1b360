#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/aligned.hpp"
#include "plugin/bound.hpp"
#include "plugin/clock.hpp"
#include "plugin/group_stepping.hpp"
#include "plugin/probing.hpp"
#include "base/isa.hpp"
#include "plugin/table.hpp"

namespace etude {
namespace {

/// The best of the plugin's versions that is not beyond `isa`.
auto step_for(const etude_optimizer& functions, Isa isa) {
    std::size_t level = static_cast<std::size_t>(isa);
    while (level > ETUDE_BASE && functions.step[level] == nullptr) --level;
    return functions.step[level];
}

class Unasked : public BatchLoss {
    double loss(std::span<const float>) override { ETUDE_ASSERT(false, "asked for a loss"); }
    double gradient(std::span<const float>, std::span<float>) override { ETUDE_ASSERT(false, "asked for a gradient"); }
};

}  // namespace

struct BoundOptimizer::Impl {
    Impl(const Plugin& plugin, const OptimizerSpec& spec, std::size_t weights, Context given)
        : name(title(plugin)), context(std::move(given)), weight_count(weights), functions(read_optimizer(read_table(plugin.table))),
          step(step_for(functions, chosen_isa())), base_lr(spec.lr), stretches(stretches_of(context.tensors, context.groups, weight_count)),
          prober(functions, weight_count) {
        ETUDE_ASSERT(functions.probe == nullptr || stretches.size() == 1, "an optimizer that looks around, in groups");
        const TimeScale time = time_scale(context.length, ScheduleUnit::update);
        groups.emplace_back(plugin, spec.values, 1.0, time);
        for (const TensorGroup& group : context.groups) groups.emplace_back(plugin, group.values, group.lr_scale, time);
        lay_out_slots(plugin.slots.size());
        frame.size = sizeof frame;
        frame.total = context.length.updates;
        frame.per_epoch = context.length.per_epoch;
        frame.seed = context.seed;
        frame.samples = context.samples;
        frame.slots = call_slots.data();
        frame.tensor_size = sizeof(etude_tensor);
        error.size = sizeof error;
    }

    /// One block; each slot begins a few cache lines later in its page than the one before, so that they do not compete for cache sets.
    void lay_out_slots(std::size_t count) {
        constexpr std::size_t line = buffer_alignment / sizeof(float), page = 4096 / sizeof(float);
        const std::size_t stride = (weight_count + page - 1) / page * page + 5 * line;
        slot_memory = AlignedBuffer<float>(count * stride);
        for (std::size_t k = 0; k < count; ++k) slots.push_back(slot_memory.data() + k * stride);
        call_slots = slots;
    }

    bool is_frozen(const Stretch& stretch) const { return groups[stretch.group].lr_scale() == 0; }

    /// The frame's view of one stretch; `weights` is the whole buffer.
    const void* look_at(const Stretch& stretch, float* weights) {
        BoundGroup& group = groups[stretch.group];
        frame.base_lr = base_lr * group.lr_scale();
        frame.first = stretch.first;
        frame.n = stretch.count;
        frame.weights = weights + stretch.first;
        for (std::size_t k = 0; k < slots.size(); ++k) call_slots[k] = slots[k] + stretch.first;
        frame.tensors = context.tensors.data() + stretch.first_tensor;
        frame.n_tensors = stretch.tensor_count;
        return group.self();
    }

    [[noreturn]] void fail(std::uint64_t update) const {
        throw PluginFailure(fmt::format("{} failed at update {}: {}", name, update, reason_of(error)));
    }

    const std::string name;
    const Context context;
    const std::size_t weight_count;
    const etude_optimizer functions;
    int (*const step)(const void*, const etude_step*, etude_error*);
    const double base_lr;
    std::vector<BoundGroup> groups;  ///< first that of the tensors in no group
    const std::vector<Stretch> stretches;
    AlignedBuffer<float> slot_memory;
    std::vector<float*> slots, call_slots;  ///< of the whole buffer, of the stretch that is being stepped
    Prober prober;
    etude_step frame{};  ///< what is the same in every step is filled in once
    etude_error error{};
};

BoundOptimizer::BoundOptimizer(const Plugin& plugin, const OptimizerSpec& spec, std::size_t weight_count, Context context)
    : impl_(std::make_unique<Impl>(plugin, spec, weight_count, std::move(context))) {}
BoundOptimizer::~BoundOptimizer() = default;

void BoundOptimizer::step(std::uint64_t update, double lr, double loss, std::size_t batch, std::span<float> weights,
                          std::span<const float> gradients) {
    ETUDE_ASSERT(!probes(), "a step of an optimizer that asks, without somebody to answer");
    Unasked unasked;
    step(update, lr, loss, batch, weights, gradients, unasked);
}

void BoundOptimizer::step(std::uint64_t update, double lr, double loss, std::size_t batch, std::span<float> weights, std::span<const float> gradients,
                          BatchLoss& surface) {
    Impl& my = *impl_;
    ETUDE_ASSERT(weights.size() == my.weight_count && gradients.size() == my.weight_count, "a step over another number of weights");
    my.frame.index = update;
    my.frame.per_epoch = my.context.length.updates_in_epoch_of(update);
    my.frame.loss = loss;
    my.frame.batch = batch;
    for (const Stretch& stretch : my.stretches) {
        if (my.is_frozen(stretch)) continue;
        const void* self = my.look_at(stretch, weights.data());
        my.frame.lr = lr * my.groups[stretch.group].lr_scale();
        my.frame.gradients = gradients.data() + stretch.first;
        my.frame.scalars = my.groups[stretch.group].scalars_for(stretch.is_first);
        if (!my.prober.run(self, my.frame, surface, my.error)) my.fail(update);
        if (my.step(self, &my.frame, &my.error) != 0) my.fail(update);
    }
}

void BoundOptimizer::scale_parameter(std::size_t parameter, double factor) {
    for (BoundGroup& group : impl_->groups) group.scale_parameter(parameter, factor);
}

bool BoundOptimizer::probes() const { return impl_->functions.probe != nullptr; }
bool BoundOptimizer::has_evaluation_point() const { return impl_->functions.evaluation_point != nullptr; }

void BoundOptimizer::evaluation_point(std::uint64_t update, std::span<float> weights, std::span<float> point) {
    Impl& my = *impl_;
    if (!has_evaluation_point()) return;
    ETUDE_ASSERT(weights.size() == my.weight_count && point.size() == my.weight_count, "an evaluation point of another number of weights");
    my.frame.index = update;
    for (const Stretch& stretch : my.stretches) {
        if (my.is_frozen(stretch)) {
            std::ranges::copy(weights.subspan(stretch.first, stretch.count), point.begin() + static_cast<std::ptrdiff_t>(stretch.first));
            continue;
        }
        const void* self = my.look_at(stretch, weights.data());
        my.frame.scalars = my.groups[stretch.group].evaluation_scalars();
        if (my.functions.evaluation_point(self, &my.frame, point.data() + stretch.first, &my.error) != 0) my.fail(update);
    }
}

std::span<const double> BoundOptimizer::scalars() const { return impl_->groups.front().scalars(); }

void BoundOptimizer::exchange(Archive& archive) {
    for (float* const slot : impl_->slots) archive.items(std::span(slot, impl_->weight_count));
    for (BoundGroup& group : impl_->groups) group.exchange(archive);
}

}  // namespace etude
