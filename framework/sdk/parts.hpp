// framework/sdk/parts.hpp - what several optimizers share: weight decay, denominators, Adam's moments. Part of <etude/plugin.hpp>.
#pragma once
#include <algorithm>
#include <cfloat>
#include <cmath>
#include "plugin.hpp"

namespace etude {

/// How weights are pulled towards 0 by `weight_decay` = d, with r the rate of this update and r0 the base rate:
///   l2                  g += d w                          a penalty d/2 |w|^2 on the loss: enters moments and momentum
///   decoupled           w -= r d w, then the step         Loshchilov & Hutter 2019, arXiv:1711.05101, as PyTorch, Keras 3 and Optax scale it
///   decoupled_unscaled  w -= (r / r0) d w, then the step  as the paper scales it: by the schedule's factor alone
///   proximal            the step, then w /= 1 + r d       the penalty's proximal operator, as in Adan (arXiv:2208.06677)
///   corrected           w -= (r^2 / r0) d w, the step     Defazio 2025, arXiv:2506.02285
enum class WeightDecay { l2, decoupled, decoupled_unscaled, proximal, corrected };
inline constexpr auto weight_decay_forms = names("l2", "decoupled", "decoupled_unscaled", "proximal", "corrected");

/// The two parameters of every optimizer that has weight decay; T declares `double weight_decay` and `etude::WeightDecay weight_decay_form`.
/// Append them to one's own: `std::tuple_cat(std::tuple{...}, etude::weight_decay_params<Sgd>())`.
template <class T> constexpr auto weight_decay_params() {
    return std::tuple{param("weight_decay", &T::weight_decay, right_open(0, infinity),
                            "Strength of the pull of every weight towards 0; 0 turns it off."),
                      param("weight_decay_form", &T::weight_decay_form, weight_decay_forms,
                            "l2: added to the gradient; decoupled: times the rate, off the weight; decoupled_unscaled: times rate / base rate; "
                            "proximal: weight / (1 + rate x decay) after the step; corrected: times rate^2 / base rate.")};
}

/// `s.each(f)` with weight decay around it; which form is chosen before the loop.
template <class T, class F> ETUDE_INLINE void each_decayed(const Step& s, const T& optimizer, F f) {
    const double decay = optimizer.weight_decay;
    if (decay == 0.0) return s.each(f);
    if (optimizer.weight_decay_form == WeightDecay::l2) {
        const float penalty = float(decay);
        return s.each([=](float& w, float g, auto&... slot) requires std::invocable<F&, float&, float, decltype(slot)...> {
            f(w, g + penalty * w, slot...);
        });
    }
    if (optimizer.weight_decay_form == WeightDecay::proximal) {
        const float after = float(s.lr * decay / (1.0 + s.lr * decay));  // w / (1 + x) = w - w x / (1 + x), without the error of a rounded 1 + x
        return s.each([=](float& w, float g, auto&... slot) requires std::invocable<F&, float&, float, decltype(slot)...> {
            f(w, g, slot...);
            w -= after * w;
        });
    }
    const double scale = optimizer.weight_decay_form == WeightDecay::decoupled ? s.lr
                       : optimizer.weight_decay_form == WeightDecay::corrected ? s.lr * s.lr / s.base_lr : s.lr / s.base_lr;
    const float before = float(scale * decay);
    s.each([=](float& w, float g, auto&... slot) requires std::invocable<F&, float&, float, decltype(slot)...> {
        w -= before * w;
        f(w, g, slot...);
    });
}

/// What a denominator adds. 0 is taken as the smallest normal float, so that a weight that never had a gradient stays where it is (0 / 0).
constexpr float denominator_eps(double eps) { return float(std::max(eps, double(FLT_MIN))); }

/// Where `eps` stands under the fraction line.
enum class EpsPlace { outside, inside };
inline constexpr auto eps_places = names("outside", "inside");
/// sqrt(square + inside()) + outside(): one of the two is 0.
struct Denominator {
    float inside, outside;
    constexpr Denominator(double eps, EpsPlace place)
        : inside(place == EpsPlace::inside ? denominator_eps(eps) : 0.0f), outside(place == EpsPlace::inside ? 0.0f : denominator_eps(eps)) {}
};

/// Running products of the betas: 1 - product corrects a mean that began at 0 also while a schedule moves its beta.
struct BetaProducts {
    double product1 = 1, product2 = 1;
    static constexpr auto table() { return std::tuple{scalar("product1", &BetaProducts::product1), scalar("product2", &BetaProducts::product2)}; }
};

/// Where `eps` stands in Adam: after the bias correction of the root, or before it (the paper's epsilon-hat).
enum class AdamEps { outside, hat };
inline constexpr auto adam_eps_places = names("outside", "hat");

/// Adam's update for an optimizer with beta1, beta2, eps, eps_place, weight decay, and the slots m and v.
template <class T> ETUDE_INLINE void adam_step(const T& optimizer, const Step& s, BetaProducts& state) {
    state.product1 *= optimizer.beta1;
    state.product2 *= optimizer.beta2;
    const bool hat = optimizer.eps_place == AdamEps::hat;
    const double unbias = std::sqrt(1 - state.product2);
    const float b1 = float(optimizer.beta1), a1 = float(1 - optimizer.beta1), b2 = float(optimizer.beta2), a2 = float(1 - optimizer.beta2);
    const float rate = float(s.lr / (1 - state.product1) * (hat ? unbias : 1.0));
    const float u = float(hat ? 1.0 : 1 / (unbias * unbias)), e = denominator_eps(optimizer.eps);
    each_decayed(s, optimizer, [=](float& w, float g, float& m, float& v) {
        m = b1 * m + a1 * g;
        v = b2 * v + a2 * (g * g);
        w -= rate * m / (std::sqrt(v * u) + e);
    });
}

}  // namespace etude
