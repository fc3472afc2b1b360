#include "tensor/team.hpp"

#include <omp.h>

#include "base/denormals.hpp"

namespace etude {

Team::Team(std::size_t threads) : before_(omp_get_max_threads()) {
    omp_set_dynamic(0);  // exactly as many, or the bits would depend on the machine's load
    omp_set_num_threads(static_cast<int>(threads));
    if (threads == 1) return;
#pragma omp parallel
    FlushDenormals::from_now_on();
}

Team::~Team() { omp_set_num_threads(before_); }

}  // namespace etude
