#include "plugin/isa.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "plugin/bound.hpp"

namespace etude {
namespace {

struct Level {
    std::string_view word, name;
};
constexpr std::array<Level, 3> levels{{{"baseline", "baseline"}, {"v3", "x86-64-v3"}, {"v4", "x86-64-v4"}}};

/// The features of each level that some CPU of the level below lacks.
etude_isa best_isa() {
#if defined(__x86_64__)
    const bool v3 =
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
    const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
                    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    return v4 ? ETUDE_X86_V4 : v3 ? ETUDE_X86_V3 : ETUDE_BASE;
#else
    return ETUDE_BASE;
#endif
}

}  // namespace

etude_isa chosen_isa() {
    const etude_isa best = best_isa();
    const char* variable = std::getenv("ETUDE_ISA");
    if (variable == nullptr || *variable == '\0') return best;
    for (std::size_t i = 0; i < levels.size(); ++i) {
        if (levels[i].word != variable) continue;
        if (i > static_cast<std::size_t>(best)) throw Error(fmt::format("ETUDE_ISA={}: this CPU runs {} at most", variable, levels[best].name));
        return static_cast<etude_isa>(i);
    }
    throw Error(fmt::format("ETUDE_ISA={}: not an instruction set", variable), "one of: baseline, v3, v4");
}

std::string active_isa() { return std::string(levels[chosen_isa()].name); }

}  // namespace etude
