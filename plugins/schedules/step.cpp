#include <etude/plugin.hpp>
#include <algorithm>
#include <cmath>

/// lr = max(floor, base gamma^k),   k = how many times `size` has passed whole: the first drop is at x = size
///
/// Where implementations differ: PyTorch's StepLR and MXNet's FactorScheduler, as its trainer drives it, are this formula; called by hand
/// from 0 the latter drops one update later. MXNet has no decay unless told (gamma 1) and a floor of 1e-8.
struct StepDecay {
    etude::Length size = etude::ticks(1);
    double gamma = 0.1, floor = 0;

    static constexpr auto name = "step";
    static constexpr auto summary = "The rate times `gamma` after every `size`.";
    static constexpr auto source = "PyTorch StepLR; MXNet FactorScheduler; Keras ExponentialDecay with staircase";
    static constexpr auto params() {
        return std::tuple{etude::param("size", &StepDecay::size, etude::open(0, etude::infinity), "From one drop to the next.").required(),
                          etude::param("gamma", &StepDecay::gamma, etude::open(0, etude::infinity),
                                       "Multiplies the rate at every drop; above 1 it grows."),
                          etude::rate("floor", &StepDecay::floor, "The rate is never below this.")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("pytorch", StepDecay{}, "StepLR: the plain defaults."),
                          etude::preset("mxnet", StepDecay{.gamma = 1, .floor = 1e-8}, "FactorScheduler: gamma is to be given.")};
    }
    double factor(const etude::Clock& clock) const { return std::max(floor / clock.base_lr, std::pow(gamma, clock.whole_periods(size))); }
};
ETUDE_PLUGIN(StepDecay)
