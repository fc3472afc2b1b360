#include <fmt/format.h>

#include <cstring>

#include "base/aligned.hpp"
#include "plugin/bound.hpp"
#include "plugin/clip.hpp"
#include "plugin/configuration.hpp"
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

TimeScale whole_run(const RunLength& length) {
    return {ScheduleUnit::update, static_cast<double>(length.per_epoch), static_cast<double>(length.updates)};
}

}  // namespace

struct BoundOptimizer::Impl {
    Impl(const Plugin& plugin, const OptimizerSpec& spec, std::size_t weight_count, Context given)
        : name(title(plugin)), context(std::move(given)), clip(spec.clip), functions(read_optimizer(read_table(plugin.table))), isa(chosen_isa()),
          step(step_for(functions, isa)), configuration(plugin, spec.values, whole_run(context.length)),
          scalars(initial_scalars(read_table(plugin.table))) {
        lay_out_slots(plugin.slots.size(), weight_count);
        frame.size = sizeof frame;
        frame.total = context.length.updates;
        frame.per_epoch = context.length.per_epoch;
        frame.base_lr = spec.lr;
        frame.seed = context.seed;
        frame.samples = context.samples;
        frame.n = weight_count;
        frame.slots = slots.data();
        frame.scalars = scalars.data();
        frame.tensors = context.tensors.data();
        frame.n_tensors = context.tensors.size();
        frame.tensor_size = sizeof(etude_tensor);
        error.size = sizeof error;
    }

    /// One block; each slot begins a few cache lines later in its page than the one before, so that they do not compete for cache sets.
    void lay_out_slots(std::size_t count, std::size_t weight_count) {
        constexpr std::size_t line = buffer_alignment / sizeof(float), page = 4096 / sizeof(float);
        const std::size_t stride = (weight_count + page - 1) / page * page + 5 * line;
        slot_memory = AlignedBuffer<float>(count * stride);
        for (std::size_t k = 0; k < count; ++k) slots.push_back(slot_memory.data() + k * stride);
    }

    [[noreturn]] void fail(std::uint64_t update) const {
        throw PluginFailure(fmt::format("{} failed at update {}: {}", name, update, reason_of(error)));
    }

    const std::string name;
    const Context context;
    const std::optional<Clip> clip;
    const etude_optimizer functions;
    const Isa isa;
    int (*const step)(const void*, const etude_step*, etude_error*);
    const Configuration configuration;
    AlignedBuffer<float> slot_memory;
    std::vector<float*> slots;
    std::vector<double> scalars;
    etude_step frame{};  ///< what is the same in every step is filled in once
    etude_error error{};
};

BoundOptimizer::BoundOptimizer(const Plugin& plugin, const OptimizerSpec& spec, std::size_t weight_count, Context context)
    : impl_(std::make_unique<Impl>(plugin, spec, weight_count, std::move(context))) {}
BoundOptimizer::~BoundOptimizer() = default;

void BoundOptimizer::step(std::uint64_t update, double lr, double loss, std::size_t batch, std::span<float> weights, std::span<float> gradients) {
    Impl& my = *impl_;
    ETUDE_ASSERT(weights.size() == my.frame.n && gradients.size() == my.frame.n, "a step over another number of weights");
    if (my.clip) clip_gradients(*my.clip, gradients, my.isa);
    my.frame.index = update;
    my.frame.lr = lr;
    my.frame.loss = loss;
    my.frame.batch = batch;
    my.frame.weights = weights.data();
    my.frame.gradients = gradients.data();
    if (my.step(my.configuration.self(), &my.frame, &my.error) != 0) my.fail(update);
}

bool BoundOptimizer::has_evaluation_point() const { return impl_->functions.evaluation_point != nullptr; }

void BoundOptimizer::evaluation_point(std::uint64_t update, std::span<float> weights, std::span<float> point) {
    Impl& my = *impl_;
    if (!has_evaluation_point()) return;
    ETUDE_ASSERT(weights.size() == my.frame.n && point.size() == my.frame.n, "an evaluation point of another number of weights");
    my.frame.index = update;
    my.frame.weights = weights.data();
    if (my.functions.evaluation_point(my.configuration.self(), &my.frame, point.data(), &my.error) != 0) my.fail(update);
}

std::span<const double> BoundOptimizer::scalars() const { return impl_->scalars; }

}  // namespace etude
