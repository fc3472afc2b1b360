#include "wrappers/lookahead.hpp"

#include <algorithm>

#include "wrappers/kernels.hpp"

namespace etude {

Lookahead::Lookahead(const Component& settings, std::size_t weight_count, Isa isa)
    : period_(static_cast<std::uint64_t>(settings.values.integer("k"))), alpha_(static_cast<float>(settings.values.real("alpha"))),
      evaluates_slow_(settings.values.word("evaluate") == "slow"), isa_(isa), slow_(weight_count) {}

void Lookahead::begin(std::span<const float> weights) { std::ranges::copy(weights, slow_.data()); }

void Lookahead::follow(std::uint64_t update, std::span<float> weights) {
    if ((update + 1) % period_ != 0) return;
    float* const fast = weights.data();
    float* const slow = slow_.data();
    const std::size_t n = weights.size();
    const float alpha = alpha_;
    detail::run_for(isa_, [=] {
        for (std::size_t i = 0; i < n; ++i) fast[i] = slow[i] += alpha * (fast[i] - slow[i]);
    });
}

}  // namespace etude
