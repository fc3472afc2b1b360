#include "layers/lane_kernels.hpp"

namespace etude {
namespace detail {
extern const LaneKernels lane_kernels_v4;  // on x86-64 alone
}

const LaneKernels* lane_kernels_for([[maybe_unused]] Isa isa) {
#if defined(__x86_64__)
    if (isa == Isa::v4) return &detail::lane_kernels_v4;
#endif
    return nullptr;
}

}  // namespace etude
