// framework/tensor/lanes_math.hpp - exp, log, tanh and erfc on 16 lanes, the same bits on every instruction set.
//
// Polynomials interpolate the function at Chebyshev nodes (computed with 50 digits), evaluated by Horner's rule in float without contraction. Errors
// against the true value (tests/tensor/lanes.cpp holds them): exp, expm1 and log 2 ulp, log1p and tanh 3, sigmoid and softplus 4, upper_tail 8 up to
// x = 2 and 40 up to x = 9, where exp(-x*x/2) amplifies the rounding of its argument.
// NaN gives NaN everywhere.
#pragma once
#include "tensor/lanes.hpp"

namespace etude::ETUDE_ISA_NAMESPACE {

template <class... C> ETUDE_LANES_INLINE F16 horner(const F16& x, float highest, C... lower) {
    F16 r = all(highest);
    ((r = r * x + all(static_cast<float>(lower))), ...);
    return r;
}

/// x = n ln2 + r with |r| <= ln2 / 2: the polynomial part e^r - 1 and the power 2^n, whose two factors cannot overflow.
struct ExpParts { F16 fraction_minus_one, scale; };

ETUDE_LANES_INLINE ExpParts exp_parts(const F16& x) {
    const F16 shift = all(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer, held in the low bits
    const F16 shifted = x * all(1.44269504f) + shift;
    const F16 n = shifted - shift;
    const F16 r = (x - n * all(0.693359375f)) - n * all(-2.12194440e-4f);  // ln2 in two parts: the first product is exact
    const F16 q = horner(r, 1.3926181810452695e-3f, 8.363177629994445e-3f, 4.166655462787863e-2f, 1.6666576998242924e-1f, 0.5f);
    const I16 exponent = shift_left(bits_of(shifted) - bits_of(shift) + all(std::int32_t{127}), 23);
    return {r + r * r * q, from_bits(exponent)};
}

/// e^x for x <= 0; 0 below -87.3, where the result would not be a normal number.
ETUDE_LANES_INLINE F16 exp_of_negative(const F16& x) {
    const I16 tiny = x < all(-87.3f);
    const ExpParts e = exp_parts(select(tiny, all(-87.3f), x));
    return select(tiny, all(0.0f), (all(1.0f) + e.fraction_minus_one) * e.scale);
}

/// e^x - 1 for x <= 0, exact to the last bits near 0.
ETUDE_LANES_INLINE F16 expm1_of_negative(const F16& x) {
    const ExpParts e = exp_parts(select(x < all(-87.3f), all(-87.3f), x));
    return e.fraction_minus_one * e.scale + (e.scale - all(1.0f));
}

/// log x for normal x > 0.
ETUDE_LANES_INLINE F16 log(const F16& x) {
    // x = 2^n m with m in [sqrt(1/2), sqrt(2)): the offset moves the boundary between two exponents there.
    const I16 offset = all(std::int32_t{0x3f3504f3});
    const I16 n = shift_right(bits_of(x) - offset, 23);
    const F16 f = from_bits(bits_of(x) - shift_left(n, 23)) - all(1.0f);
    const F16 q = horner(f, 6.971611471451176e-2f, -1.1479733846637635e-1f, 1.168541992348674e-1f, -1.2425687331451106e-1f, 1.424905764569748e-1f,
                         -1.6667802319501254e-1f, 2.00007157488921e-1f, -2.4999996957950882e-1f, 3.3333331180030046e-1f);
    const F16 square = f * f, m = float_of(n);
    const F16 low = square * f * q + m * all(-2.12194440e-4f) - square * all(0.5f);
    return select(x == x, m * all(0.693359375f) + (f + low), x);
}

/// log(1 + u) for u in [0, 1]: log(w) corrected by u / (w - 1), where w is 1 + u as rounded (Goldberg 1991, theorem 4).
ETUDE_LANES_INLINE F16 log1p(const F16& u) {
    const F16 w = all(1.0f) + u, step = w - all(1.0f);
    const I16 is_lost = step == all(0.0f);
    return select(is_lost, u, log(w) * (u / select(is_lost, all(1.0f), step)));
}

ETUDE_LANES_INLINE F16 tanh(const F16& x) {
    const F16 a = magnitude(x), square = x * x;
    const F16 small = x + x * square * horner(square, -6.0451650965224e-3f, 2.0961329108563815e-2f, -5.3843263175278766e-2f, 1.3332718845589667e-1f,
                                              -3.333332843331859e-1f);
    const F16 e = exp_of_negative(all(-2.0f) * a);
    const F16 large = (all(1.0f) - e) / (all(1.0f) + e);
    return select(a < all(0.625f), small, select(x < all(0.0f), all(0.0f) - large, large));
}

ETUDE_LANES_INLINE F16 sigmoid(const F16& x) {
    const F16 e = exp_of_negative(all(0.0f) - magnitude(x));
    return select(x < all(0.0f), e, all(1.0f)) / (all(1.0f) + e);
}

ETUDE_LANES_INLINE F16 softplus(const F16& x) {
    const F16 tail = log1p(exp_of_negative(all(0.0f) - magnitude(x)));
    return select(x < all(0.0f), all(0.0f), x) + tail;
}

/// P(X > x) and the density at x of a standard normal X, for x >= 0: erfc as t P(t) e^(-z*z) with t = 1 / (1 + z/3), z = x / sqrt(2).
struct NormalTail { F16 upper, density; };

ETUDE_LANES_INLINE NormalTail upper_tail(const F16& x) {
    const F16 e = exp_of_negative(x * x * all(-0.5f));
    const F16 t = all(1.0f) / (all(1.0f) + x * all(0.23570226f));
    const F16 p = horner(t, 5.704096531905807e-2f, -2.993730934180353e-1f, 5.528358777999626e-1f, -4.642043544232252e-1f, 4.228917418308396e-1f,
                         -1.2482396618720661e-2f, 1.9586557893094375e-1f, 1.7060775726440736e-1f, 1.8878759171646692e-1f, 1.8803033321390777e-1f);
    return {t * p * e * all(0.5f), e * all(0.39894228f)};
}

}  // namespace etude::ETUDE_ISA_NAMESPACE
