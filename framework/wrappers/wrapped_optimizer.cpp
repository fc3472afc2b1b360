#include "wrappers/wrapped_optimizer.hpp"

#include <algorithm>
#include <optional>

#include "wrappers/average.hpp"
#include "wrappers/cautious.hpp"
#include "wrappers/centralize.hpp"
#include "wrappers/clip.hpp"
#include "wrappers/kinds.hpp"
#include "wrappers/lookahead.hpp"
#include "wrappers/sharpness.hpp"

namespace etude {

struct WrappedOptimizer::Impl {
    Impl(const Plugin& plugin, const OptimizerSpec& spec, std::size_t n, BoundOptimizer::Context context) {
        const Isa isa = chosen_isa();
        if (const Component* c = find_wrapper(spec, "sam")) sam.emplace(*c, n, isa);
        if (const Component* c = find_wrapper(spec, "centralize")) centralize.emplace(*c, context.tensors, isa);
        if (spec.clip) clip.emplace(*spec.clip, n, context.tensors, isa);
        if (const Component* c = find_wrapper(spec, "cautious")) cautious.emplace(*c, n, context.tensors, isa);
        if (const Component* c = find_wrapper(spec, "lookahead")) lookahead.emplace(*c, n, isa);
        for (const char* name : {"ema", "swa", "polyak_average"})
            if (const Component* c = find_wrapper(spec, name)) average.emplace(*c, n, context.length, isa);
        optimizer.emplace(plugin, spec, n, std::move(context));
    }

    bool is_slow_meant() const { return lookahead && lookahead->evaluates_slow() && !average; }

    std::optional<Sharpness> sam;
    std::optional<Centralize> centralize;
    std::optional<GradientClip> clip;
    std::optional<BoundOptimizer> optimizer;
    std::optional<Cautious> cautious;
    std::optional<Lookahead> lookahead;
    std::optional<Average> average;
};

WrappedOptimizer::WrappedOptimizer(const Plugin& plugin, const OptimizerSpec& spec, std::size_t weight_count, BoundOptimizer::Context context)
    : impl_(std::make_unique<Impl>(plugin, spec, weight_count, std::move(context))) {}
WrappedOptimizer::~WrappedOptimizer() = default;

BoundOptimizer& WrappedOptimizer::inner() { return *impl_->optimizer; }
bool WrappedOptimizer::looks_around() const { return impl_->sam || impl_->optimizer->probes(); }

void WrappedOptimizer::step(std::uint64_t update, double lr, double loss, std::size_t batch, std::span<float> weights, std::span<float> gradients,
                            BatchLoss& surface) {
    Impl& my = *impl_;
    if (my.sam) loss = my.sam->apply(weights, gradients, surface);
    if (my.centralize) my.centralize->apply(gradients);
    if (my.clip) my.clip->apply(weights, gradients);
    if (my.cautious) my.cautious->before(weights);
    if (my.lookahead && update == 0) my.lookahead->begin(weights);
    my.optimizer->step(update, lr, loss, batch, weights, gradients, surface);
    if (my.cautious) my.cautious->after(weights, gradients);
    if (my.lookahead) my.lookahead->follow(update, weights);
    if (my.average) my.average->take(update, weights);
}

bool WrappedOptimizer::has_evaluation_point() const {
    return impl_->average || impl_->is_slow_meant() || impl_->optimizer->has_evaluation_point();
}

void WrappedOptimizer::evaluation_point(std::uint64_t update, std::span<float> weights, std::span<float> point) {
    Impl& my = *impl_;
    if (my.average && my.average->has_begun()) return my.average->write(point);
    if (my.optimizer->has_evaluation_point()) return my.optimizer->evaluation_point(update, weights, point);
    std::ranges::copy(my.is_slow_meant() ? my.lookahead->slow() : weights, point.begin());
}

void WrappedOptimizer::exchange(Archive& archive) {
    impl_->optimizer->exchange(archive);
    if (impl_->lookahead) impl_->lookahead->exchange(archive);
    if (impl_->average) impl_->average->exchange(archive);
}

}  // namespace etude
