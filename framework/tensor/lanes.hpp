// framework/tensor/lanes.hpp - vectors of 16 floats on any instruction set, with the same bits on all of them.
//
// F16 and I16 are made of native vectors of ETUDE_NATIVE_LANES floats: one of 16 (AVX-512), two of 8 (AVX2) or four of 4 (SSE, NEON). A file of
// kernels is compiled once per instruction set: it defines ETUDE_NATIVE_LANES and ETUDE_ISA_NAMESPACE, switches the target on, and includes
// its body, which includes this. Every operation is IEEE arithmetic lane by lane, without contraction; sums over lanes are the tree
// (l, l+8), (l, l+4), (l, l+2), (l, l+1). NaN goes through select() as the comparison says: any comparison with it is false.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tensor/shape.hpp"

#ifndef ETUDE_ISA_NAMESPACE
#define ETUDE_ISA_NAMESPACE baseline
#define ETUDE_NATIVE_LANES 4
#endif
// Kernels are only fast when everything is inlined. Under a sanitizer that would be minutes of compiling for checks of the same lines over and over.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ETUDE_LANES_LAMBDA
#else
#define ETUDE_LANES_LAMBDA __attribute__((always_inline))
#endif
#define ETUDE_LANES_INLINE inline ETUDE_LANES_LAMBDA

namespace etude::ETUDE_ISA_NAMESPACE {

inline constexpr std::size_t native_lanes = ETUDE_NATIVE_LANES;
inline constexpr std::size_t native_parts = lanes / native_lanes;

using NativeFloat = float __attribute__((vector_size(ETUDE_NATIVE_LANES * sizeof(float))));
using NativeInt = std::int32_t __attribute__((vector_size(ETUDE_NATIVE_LANES * sizeof(std::int32_t))));

struct F16 { NativeFloat part[native_parts]; };
struct I16 { NativeInt part[native_parts]; };  ///< integers, or a mask: -1 where true

#define ETUDE_EACH_PART(expression)                                        \
    do {                                                                   \
        _Pragma("GCC unroll 4") for (std::size_t k = 0; k < native_parts; ++k) { expression; } \
    } while (false)

ETUDE_LANES_INLINE F16 load(const float* from) {
    F16 r;
    std::memcpy(&r, __builtin_assume_aligned(from, 64), sizeof r);
    return r;
}
ETUDE_LANES_INLINE void store(float* to, const F16& v) { std::memcpy(__builtin_assume_aligned(to, 64), &v, sizeof v); }
ETUDE_LANES_INLINE F16 load_anywhere(const float* from) {
    F16 r;
    std::memcpy(&r, from, sizeof r);
    return r;
}
ETUDE_LANES_INLINE void store_anywhere(float* to, const F16& v) { std::memcpy(to, &v, sizeof v); }
ETUDE_LANES_INLINE I16 load_anywhere(const std::int32_t* from) {
    I16 r;
    std::memcpy(&r, from, sizeof r);
    return r;
}

ETUDE_LANES_INLINE F16 all(float value) {
    F16 r;
    ETUDE_EACH_PART(r.part[k] = value - NativeFloat{});  // unlike a sum with 0 this is the value itself, -0 too, and costs nothing
    return r;
}
ETUDE_LANES_INLINE I16 all(std::int32_t value) {
    I16 r;
    ETUDE_EACH_PART(r.part[k] = NativeInt{} + value);
    return r;
}

#define ETUDE_BINARY(Result, Operand, op)                                        \
    ETUDE_LANES_INLINE Result operator op(const Operand& a, const Operand& b) {  \
        Result r;                                                                \
        ETUDE_EACH_PART(r.part[k] = a.part[k] op b.part[k]);                     \
        return r;                                                                \
    }
ETUDE_BINARY(F16, F16, +)
ETUDE_BINARY(F16, F16, -)
ETUDE_BINARY(F16, F16, *)
ETUDE_BINARY(F16, F16, /)
ETUDE_BINARY(I16, F16, <)
ETUDE_BINARY(I16, F16, >)
ETUDE_BINARY(I16, F16, >=)
ETUDE_BINARY(I16, F16, ==)
ETUDE_BINARY(I16, I16, +)
ETUDE_BINARY(I16, I16, -)
ETUDE_BINARY(I16, I16, &)
ETUDE_BINARY(I16, I16, |)
ETUDE_BINARY(I16, I16, ==)
ETUDE_BINARY(I16, I16, <)
#undef ETUDE_BINARY

ETUDE_LANES_INLINE I16 shift_left(const I16& a, int bits) {
    I16 r;
    ETUDE_EACH_PART(r.part[k] = a.part[k] << bits);
    return r;
}
ETUDE_LANES_INLINE I16 shift_right(const I16& a, int bits) {  // arithmetic
    I16 r;
    ETUDE_EACH_PART(r.part[k] = a.part[k] >> bits);
    return r;
}

/// a where the mask is true, else b.
ETUDE_LANES_INLINE F16 select(const I16& mask, const F16& a, const F16& b) {
    F16 r;
    ETUDE_EACH_PART(r.part[k] = mask.part[k] ? a.part[k] : b.part[k]);
    return r;
}
ETUDE_LANES_INLINE I16 select(const I16& mask, const I16& a, const I16& b) {
    I16 r;
    ETUDE_EACH_PART(r.part[k] = mask.part[k] ? a.part[k] : b.part[k]);
    return r;
}
ETUDE_LANES_INLINE F16 float_of(const I16& a) {
    F16 r;
    ETUDE_EACH_PART(r.part[k] = __builtin_convertvector(a.part[k], NativeFloat));
    return r;
}
ETUDE_LANES_INLINE I16 bits_of(const F16& a) {
    I16 r;
    std::memcpy(&r, &a, sizeof r);
    return r;
}
ETUDE_LANES_INLINE F16 from_bits(const I16& a) {
    F16 r;
    std::memcpy(&r, &a, sizeof r);
    return r;
}
ETUDE_LANES_INLINE F16 magnitude(const F16& a) { return from_bits(bits_of(a) & all(0x7fffffff)); }

// ---- sums over lanes, sixteen at a time --------------------------------------------------------------------------------------------

#define ETUDE_SHUFFLE __builtin_shufflevector

#if ETUDE_NATIVE_LANES == 16
/// What is left of one vector after the first one or two halvings; two or four of these share a native vector.
ETUDE_LANES_INLINE NativeFloat halve8(const F16& a, const F16& b) {
    return ETUDE_SHUFFLE(a.part[0], b.part[0], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
           ETUDE_SHUFFLE(a.part[0], b.part[0], 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
}
ETUDE_LANES_INLINE NativeFloat halve4(const NativeFloat& ab, const NativeFloat& cd) {
    return ETUDE_SHUFFLE(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
           ETUDE_SHUFFLE(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
}
ETUDE_LANES_INLINE F16 quarters(const F16& a, const F16& b, const F16& c, const F16& d) { return {{halve4(halve8(a, b), halve8(c, d))}}; }
ETUDE_LANES_INLINE NativeFloat halve2(const NativeFloat& p, const NativeFloat& q) {
    return ETUDE_SHUFFLE(p, q, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29) +
           ETUDE_SHUFFLE(p, q, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
}
ETUDE_LANES_INLINE NativeFloat halve1(const NativeFloat& p, const NativeFloat& q) {
    return ETUDE_SHUFFLE(p, q, 0, 2, 16, 18, 4, 6, 20, 22, 8, 10, 24, 26, 12, 14, 28, 30) +
           ETUDE_SHUFFLE(p, q, 1, 3, 17, 19, 5, 7, 21, 23, 9, 11, 25, 27, 13, 15, 29, 31);
}
#elif ETUDE_NATIVE_LANES == 8
ETUDE_LANES_INLINE NativeFloat halve4(const NativeFloat& a, const NativeFloat& b) {
    return ETUDE_SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + ETUDE_SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
}
ETUDE_LANES_INLINE F16 quarters(const F16& a, const F16& b, const F16& c, const F16& d) {
    return {{halve4(a.part[0] + a.part[1], b.part[0] + b.part[1]), halve4(c.part[0] + c.part[1], d.part[0] + d.part[1])}};
}
ETUDE_LANES_INLINE NativeFloat halve2(const NativeFloat& p, const NativeFloat& q) {
    return ETUDE_SHUFFLE(p, q, 0, 1, 8, 9, 4, 5, 12, 13) + ETUDE_SHUFFLE(p, q, 2, 3, 10, 11, 6, 7, 14, 15);
}
ETUDE_LANES_INLINE NativeFloat halve1(const NativeFloat& p, const NativeFloat& q) {
    return ETUDE_SHUFFLE(p, q, 0, 2, 8, 10, 4, 6, 12, 14) + ETUDE_SHUFFLE(p, q, 1, 3, 9, 11, 5, 7, 13, 15);
}
#else
ETUDE_LANES_INLINE NativeFloat quarter(const F16& a) { return (a.part[0] + a.part[2]) + (a.part[1] + a.part[3]); }
ETUDE_LANES_INLINE F16 quarters(const F16& a, const F16& b, const F16& c, const F16& d) { return {{quarter(a), quarter(b), quarter(c), quarter(d)}}; }
ETUDE_LANES_INLINE NativeFloat halve2(const NativeFloat& p, const NativeFloat& q) {
    return ETUDE_SHUFFLE(p, q, 0, 1, 4, 5) + ETUDE_SHUFFLE(p, q, 2, 3, 6, 7);
}
ETUDE_LANES_INLINE NativeFloat halve1(const NativeFloat& p, const NativeFloat& q) {
    return ETUDE_SHUFFLE(p, q, 0, 2, 4, 6) + ETUDE_SHUFFLE(p, q, 1, 3, 5, 7);
}
#endif
#undef ETUDE_SHUFFLE

/// Lane j of the result is the sum over the lanes of term(j), for j < count; the other lanes are 0. `term` is called once for each of them.
template <class Term> ETUDE_LANES_INLINE F16 sums_over_lanes(Term&& term, std::size_t count) {
    const auto leaf = [&](std::size_t j) ETUDE_LANES_LAMBDA { return j < count ? term(j) : all(0.0f); };
    const auto four = [&](std::size_t j) ETUDE_LANES_LAMBDA { return quarters(leaf(j), leaf(j + 4), leaf(j + 8), leaf(j + 12)); };
    const F16 q0 = four(0), q1 = four(1);
    F16 even, odd, r;
    ETUDE_EACH_PART(even.part[k] = halve2(q0.part[k], q1.part[k]));
    const F16 q2 = four(2), q3 = four(3);
    ETUDE_EACH_PART(odd.part[k] = halve2(q2.part[k], q3.part[k]));
    ETUDE_EACH_PART(r.part[k] = halve1(even.part[k], odd.part[k]));
    return r;
}

}  // namespace etude::ETUDE_ISA_NAMESPACE
