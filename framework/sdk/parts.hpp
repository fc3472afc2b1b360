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

/// Weight decay of one update as numbers: g + penalty w is the gradient, w -= before w, the step, w -= after w. Two of them are 0.
struct DecayFactors { float penalty = 0, before = 0, after = 0; };
/// `rate` is what the method multiplies its step with, where that is not s.lr.
constexpr DecayFactors decay_factors(const Step& s, double decay, WeightDecay form, double rate) {
    const double pull = rate * decay;
    switch (form) {
        case WeightDecay::l2: return {.penalty = float(decay)};
        case WeightDecay::decoupled: return {.before = float(pull)};
        case WeightDecay::decoupled_unscaled: return {.before = float(s.lr / s.base_lr * decay)};
        case WeightDecay::corrected: return {.before = float(s.lr / s.base_lr * pull)};
        case WeightDecay::proximal: return {.after = float(pull / (1.0 + pull))};  // w / (1 + x) = w - w x / (1 + x), without rounding 1 + x
    }
    return {};
}
template <class T> constexpr DecayFactors decay_factors(const Step& s, const T& optimizer) {
    return decay_factors(s, optimizer.weight_decay, optimizer.weight_decay_form, s.lr);
}

/// `s.each(elements, f)` with weight decay around it; which form is chosen before the loop.
template <class F> ETUDE_INLINE void each_decayed_by(const Step& s, Step::Part elements, DecayFactors decay, F f) {
    const float penalty = decay.penalty, before = decay.before, after = decay.after;
    if (penalty != 0) {
        s.each(elements, [=](float& w, float g, auto&... slot) requires std::invocable<F&, float&, float, decltype(slot)...> {
            f(w, g + penalty * w, slot...);
        });
    } else if (before != 0) {
        s.each(elements, [=](float& w, float g, auto&... slot) requires std::invocable<F&, float&, float, decltype(slot)...> {
            w -= before * w;
            f(w, g, slot...);
        });
    } else if (after != 0) {
        s.each(elements, [=](float& w, float g, auto&... slot) requires std::invocable<F&, float&, float, decltype(slot)...> {
            f(w, g, slot...);
            w -= after * w;
        });
    } else {
        s.each(elements, f);
    }
}
/// `s.each(f)` with the optimizer's weight decay around it.
template <class T, class F> ETUDE_INLINE void each_decayed(const Step& s, const T& optimizer, F f) {
    each_decayed_by(s, {0, s.n}, decay_factors(s, optimizer), f);
}

/// For methods that normalise their step: a sixth form, `inner`, adds weight_decay x weight to the step that is normalised.
enum class InnerDecay { inner, l2, decoupled, decoupled_unscaled, proximal, corrected };
inline constexpr auto inner_decay_forms = names("inner", "l2", "decoupled", "decoupled_unscaled", "proximal", "corrected");
template <class T> constexpr auto inner_decay_params(const char* inner) {
    return std::tuple{param("weight_decay", &T::weight_decay, right_open(0, infinity),
                            "Strength of the pull of every weight towards 0; 0 turns it off."),
                      param("weight_decay_form", &T::weight_decay_form, inner_decay_forms, inner)};
}
/// What is added inside, and the factors of the other forms.
struct InnerFactors { float inner = 0; DecayFactors outer{}; };
template <class T> constexpr InnerFactors inner_decay_factors(const Step& s, const T& optimizer) {
    if (optimizer.weight_decay_form == InnerDecay::inner) return {.inner = float(optimizer.weight_decay)};
    return {.outer = decay_factors(s, optimizer.weight_decay, WeightDecay(int(optimizer.weight_decay_form) - 1), s.lr)};
}

/// -1, 0 or 1; NaN stays NaN, so that a broken gradient is seen.
ETUDE_INLINE float sign(float x) { return x > 0 ? 1.0f : x < 0 ? -1.0f : x; }

/// Sums over a part in double, in one fixed order.
ETUDE_INLINE double sum_of_squares(const float* x, Step::Part p) {
    return Step::sum(p.begin, p.end, [=](std::size_t i) { return double(x[i]) * double(x[i]); });
}
ETUDE_INLINE double norm(const float* x, Step::Part p) { return std::sqrt(sum_of_squares(x, p)); }
/// Of the gradient with the penalty of weight decay in it.
ETUDE_INLINE double gradient_square(const Step& s, Step::Part p, float penalty) {
    const float *w = s.weights, *g = s.gradients;
    return Step::sum(p.begin, p.end, [=](std::size_t i) {
        const double q = g[i] + penalty * w[i];
        return q * q;
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

/// Nadam's update: Adam with the momentum of the next update, mu_n g-part and mu_{n+1} m-part each corrected by its own product.
///   scheduled  mu_n = beta1 (1 - .96^(n momentum_decay) / 2), Dozat 2016       constant  mu_n = beta1
///   alike      mu_n = beta1, and the m-part corrected as the g-part is
enum class NadamForm { scheduled, constant, alike };
inline constexpr auto nadam_forms = names("scheduled", "constant", "alike");
template <class T> constexpr auto nadam_params() {
    return std::tuple{param("beta1", &T::beta1, right_open(0, 1), "Decay of the mean of gradients, where the momentum's schedule ends."),
                      param("beta2", &T::beta2, right_open(0, 1), "Decay of the mean of squares."),
                      param("eps", &T::eps, closed(0, 1), "Added to the root after bias correction."),
                      param("form", &T::form, nadam_forms,
                            "scheduled: a momentum that rises from beta1 / 2 to beta1; constant: beta1; alike: beta1, both parts corrected alike."),
                      param("momentum_decay", &T::momentum_decay, right_open(0, infinity),
                            "How fast the scheduled momentum rises: its distance from beta1 shrinks as .96^(update x this).")};
}
template <class T> ETUDE_INLINE void nadam_step(const T& optimizer, const Step& s, BetaProducts& state) {
    const double n = double(s.index) + 1, beta1 = optimizer.beta1;
    const bool scheduled = optimizer.form == NadamForm::scheduled;
    const auto momentum = [&](double at) { return scheduled ? beta1 * (1 - 0.5 * std::pow(0.96, at * optimizer.momentum_decay)) : beta1; };
    const double now = momentum(n), next = momentum(n + 1);
    state.product1 *= now;
    state.product2 *= optimizer.beta2;
    const double after = optimizer.form == NadamForm::alike ? state.product1 : state.product1 * next;
    const float of_gradient = float(s.lr * (1 - now) / (1 - state.product1)), of_mean = float(s.lr * next / (1 - after));
    const float b1 = float(beta1), a1 = float(1 - beta1), b2 = float(optimizer.beta2), a2 = float(1 - optimizer.beta2);
    const float u = float(1 / (1 - state.product2)), e = denominator_eps(optimizer.eps);
    each_decayed(s, optimizer, [=](float& w, float g, float& m, float& v) {
        m = b1 * m + a1 * g;
        v = b2 * v + a2 * (g * g);
        w -= (of_gradient * g + of_mean * m) / (std::sqrt(v * u) + e);
    });
}

/// r_n of RAdam (Liu et al. 2020, arXiv:1908.03265, algorithm 2): what the variance of 1/sqrt(v) asks the step to be multiplied by after
/// n updates; 0 as long as the mean of squares has seen too few (its length rho_n is not above `threshold` >= 4).
inline double rectifier(double beta2, double product2, double n, double threshold) {
    const double longest = 2 / (1 - beta2) - 1, length = longest - 2 * n * product2 / (1 - product2);
    if (!(length > threshold)) return 0;
    return std::sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
}

/// A tensor as a matrix: fan-out by all the rest.
struct MatrixShape { std::size_t rows, columns; };
constexpr MatrixShape matrix_shape(const Tensor& t) {
    const std::size_t rows = t.rank > 1 ? t.dims[0] : 1;
    return {rows, t.count / rows};
}

/// What schedule-free methods share (Defazio et al. 2024, arXiv:2405.15682, eq. 3-5). The weights are y, where gradients are taken; slot 0
/// is z, where steps are made; x, where to evaluate, is their average and follows from y = beta x + (1 - beta) z:
///   z <- z - lr direction - decay y   (weight decay pulls z by y, proximal: by z)        x <- x + c (z - x)
///   c = W_n / sum of W,  W_n = n^weight_power (largest lr so far)^rate_power
struct ScheduleFreeState {
    double beta = 0, largest_rate = 0, sum = 0;
    static constexpr auto table() {
        return std::tuple{scalar("beta", &ScheduleFreeState::beta), scalar("largest_rate", &ScheduleFreeState::largest_rate),
                          scalar("sum", &ScheduleFreeState::sum)};
    }
};
template <class T> constexpr auto schedule_free_params() {
    return std::tuple{param("beta1", &T::beta1, open(0, 1), "Share of the average in the point where gradients are taken."),
                      param("weight_power", &T::weight_power, right_open(0, infinity),
                            "Weight of update n in the average: n to this power; 0 weights all alike."),
                      param("rate_power", &T::rate_power, right_open(0, infinity),
                            "Times the largest rate so far to this power, so that warm-up counts little; 0 turns it off.")};
}
/// direction(g, slot1...) is what z steps by; the gradient has the penalty of an l2 decay in it.
template <class T, class F> ETUDE_INLINE void schedule_free_step(const T& optimizer, const Step& s, ScheduleFreeState& state, F direction) {
    state.largest_rate = std::max(state.largest_rate, s.lr);
    const double weight = std::pow(double(s.index) + 1, optimizer.weight_power) * std::pow(state.largest_rate, optimizer.rate_power);
    state.sum += weight;
    const float take = float(state.sum > 0 ? weight / state.sum : 0.0), back = float(s.index == 0 ? 0.0 : 1 / state.beta - 1);
    const float beta = float(optimizer.beta1), rate = float(s.lr), first = s.index == 0 ? 1.0f : 0.0f;  // slots begin at 0
    const DecayFactors decay = decay_factors(s, optimizer);
    state.beta = optimizer.beta1;
    s.each([=](float& y, float g, float& z, auto&... rest) requires std::invocable<F&, float, decltype(rest)...> {
        z += first * y;
        const float x = y + back * (y - z);
        z -= rate * direction(g + decay.penalty * y, rest...) + decay.before * y;
        z -= decay.after * z;
        y = z + beta * (x + take * (z - x) - z);
    });
}
ETUDE_INLINE void schedule_free_point(const Step& s, float* point, const ScheduleFreeState& state) {
    const float *y = s.weights, *z = s.slots[0];
    const float back = float(1 / state.beta - 1);
    for (std::size_t i = 0; i < s.n; ++i) point[i] = y[i] + back * (y[i] - z[i]);
}

}  // namespace etude
