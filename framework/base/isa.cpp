#include "base/isa.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "base/error.hpp"

namespace etude {
namespace {

constexpr Isa all_isas[] = {Isa::baseline, Isa::v3, Isa::v4};

bool runs_here([[maybe_unused]] Isa isa) {
    if (isa == Isa::baseline) return true;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (isa == Isa::v3) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
    return false;
#endif
}

}  // namespace

std::string_view isa_name(Isa isa) { return isa == Isa::v4 ? "v4" : isa == Isa::v3 ? "v3" : "baseline"; }

std::string_view isa_title(Isa isa) { return isa == Isa::v4 ? "x86-64-v4" : isa == Isa::v3 ? "x86-64-v3" : "baseline"; }

const std::vector<Isa>& available_isas() {
    static const std::vector<Isa> isas = [] {
        std::vector<Isa> found;
        std::ranges::copy_if(all_isas, std::back_inserter(found), runs_here);
        return found;
    }();
    return isas;
}

Isa chosen_isa() {
    const char* forced = std::getenv("ETUDE_ISA");
    if (forced == nullptr || *forced == 0) return available_isas().back();
    for (const Isa isa : all_isas) {
        if (isa_name(isa) != forced) continue;
        if (!runs_here(isa))
            throw Error("ETUDE_ISA=" + std::string(forced) + ": this CPU runs " + std::string(isa_title(available_isas().back())) + " at most");
        return isa;
    }
    throw Error("ETUDE_ISA=" + std::string(forced) + ": not an instruction set", "one of: baseline, v3, v4");
}

}  // namespace etude
