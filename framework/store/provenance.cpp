#include <sys/utsname.h>

#include <fstream>

#include "base/text.hpp"
#include "base/isa.hpp"
#include "store/store.hpp"
#include "tensor/dnnl.hpp"

#ifndef ETUDE_VERSION  // the build gives it; a build of its own may not
#define ETUDE_VERSION "unknown"
#endif

namespace etude {
namespace {

std::string cpu_model() {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("model name")) return std::string(trim(line.substr(line.find(':') + 1)));
    return "unknown";
}

std::string compiler_version() {
#if defined(__clang__)
    return "clang++ " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) + "." + std::to_string(__clang_patchlevel__);
#else
    return "g++ " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__) + "." + std::to_string(__GNUC_PATCHLEVEL__);
#endif
}

std::string host_name() {
    utsname names{};
    return ::uname(&names) == 0 ? std::string(names.nodename) : "unknown";
}

}  // namespace

Provenance provenance_here() {
    Provenance here;
    here.host = host_name();
    here.cpu = cpu_model();
    here.isa = "plugins " + std::string(isa_title(chosen_isa())) + ", oneDNN " + onednn_isa();
    here.onednn = onednn_version();
    here.compiler = compiler_version();
    here.etude = ETUDE_VERSION;
    return here;
}

}  // namespace etude
