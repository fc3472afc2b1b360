// framework/layers/lane_kernels_tiles.hpp - fused multiply-adds, and how sizes that are known only at run time become tiles known while compiling.
#pragma once
#include <cstddef>

#include "tensor/lanes.hpp"

#if ETUDE_NATIVE_LANES != 16
#error "these kernels are written for AVX-512"
#endif
#define ETUDE_LANES_TILE __attribute__((noinline))
#define ETUDE_UNROLL _Pragma("GCC unroll 16")

namespace etude::ETUDE_ISA_NAMESPACE {

/// a * b + c, rounded once.
ETUDE_LANES_INLINE F16 multiply_add(const F16& a, const F16& b, const F16& c) { return {{_mm512_fmadd_ps(a.part[0], b.part[0], c.part[0])}}; }

/// Loads once: without this GCC reads a value anew from memory for each of its multiply-adds, and there are only two reads a cycle.
ETUDE_LANES_INLINE F16 load_to_register(const float* from) {
    F16 r = load(from);
    asm("" : "+v"(r.part[0]));
    return r;
}

/// `total` cut into as few parts of at most `most` as there can be, whose sizes differ by 1 at most; the larger ones come first.
struct Parts {
    std::size_t count, small, larger;  ///< the first `larger` parts have small + 1
    Parts(std::size_t total, std::size_t most) : count((total + most - 1) / most), small(total / count), larger(total % count) {}
    std::size_t size(std::size_t i) const { return small + (i < larger ? 1 : 0); }
    std::size_t first(std::size_t i) const { return i * small + (i < larger ? i : larger); }
};

/// use(first, size, count) for each run of parts of one size.
template <class Use> inline void each_run(const Parts& parts, Use&& use) {
    if (parts.larger > 0) use(std::size_t{0}, parts.small + 1, parts.larger);
    if (parts.larger < parts.count) use(parts.first(parts.larger), parts.small, parts.count - parts.larger);
}

/// use.operator()<n>() for an n in [1, Most].
template <std::size_t Most, class Use> inline void with_number(std::size_t n, Use&& use) {
    if constexpr (Most > 1) {
        if (n < Most) return with_number<Most - 1>(n, use);
    }
    use.template operator()<Most>();
}

}  // namespace etude::ETUDE_ISA_NAMESPACE
