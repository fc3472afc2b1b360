// framework/layers/kernels_v3.cpp - the vector kernels for x86-64-v3 (AVX2).
//
// Everything that other files also use is included first: what is compiled below for this instruction set stays in its own namespace.
#if defined(__x86_64__)
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "layers/kernels.hpp"
#include "tensor/shape.hpp"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v3")
#endif
#define ETUDE_NATIVE_LANES 8
#define ETUDE_ISA_NAMESPACE v3
#include "layers/kernels_body.hpp"
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

namespace etude::detail {

extern const Kernels kernels_v3;
const Kernels kernels_v3 = v3::table("own:v3", nullptr);

}  // namespace etude::detail
#endif
