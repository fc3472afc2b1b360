#include "layers/kernels.hpp"

#include "base/error.hpp"

namespace etude {
namespace detail {
extern const Kernels kernels_baseline, kernels_v3, kernels_v4;  // v3 and v4 exist on x86-64 alone
}

const Kernels& kernels_for(Isa isa) {
#if defined(__x86_64__)
    if (isa == Isa::v4) return detail::kernels_v4;
    if (isa == Isa::v3) return detail::kernels_v3;
#endif
    ETUDE_ASSERT(isa == Isa::baseline, "no kernels for this instruction set");
    return detail::kernels_baseline;
}

}  // namespace etude
