#include "plugin/library.hpp"

#include <vector>  // Boost.DLL 1.74 forgets it

#define BOOST_DLL_USE_STD_FS
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <boost/dll/shared_library.hpp>

#include "base/error.hpp"
#include "base/text.hpp"

namespace etude {
namespace {

/// The loader's own words without Boost's introduction and the path, which the caller shows anyway:
/// "boost::dll::shared_library::load() failed (dlerror system message: /a/x.so: undefined symbol: f): Bad file descriptor [generic:9]".
std::string reason_of(const std::string& what, const std::string& path) {
    static constexpr std::string_view introduction = "dlerror system message: ";
    std::string reason = what;
    if (const auto start = reason.find(introduction); start != std::string::npos) {
        reason.erase(0, start + introduction.size());
        if (const auto end = reason.rfind("): "); end != std::string::npos) reason.erase(end);
    }
    if (reason.starts_with(path + ": ")) reason.erase(0, path.size() + 2);
    return reason;
}

/// Size and kind of a symbol, from the library's own symbol table.
OpenedTable table_at(const void* address) {
    Dl_info place{};
    void* entry = nullptr;
    if (dladdr1(address, &place, &entry, RTLD_DL_SYMENT) == 0 || entry == nullptr)
        throw Error("the loader does not know its own symbol `etude_plugin`");
    const auto& symbol = *static_cast<const ElfW(Sym)*>(entry);
    if (ELF64_ST_TYPE(symbol.st_info) != STT_OBJECT) throw Error("`etude_plugin` is not a constant but a function: export the table itself");
    return {address, symbol.st_size};
}

}  // namespace

OpenedTable open_library(const std::filesystem::path& file) {
    const std::filesystem::path path = std::filesystem::absolute(file);  // the loader would search a bare name elsewhere
    try {
        // The throwing overload: the one with an error_code says "Bad file descriptor" for an undefined symbol.
        const boost::dll::shared_library library(path, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
        if (!library.has("etude_plugin")) throw Error("it exports no `etude_plugin`: end the source with ETUDE_PLUGIN(...)");
        const OpenedTable table = table_at(&library.get<const char>("etude_plugin"));
        // Tables and functions are used until the process ends: the library stays when `library` closes it.
        if (dlopen(path.c_str(), RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE) == nullptr) throw Error("it cannot be kept open");
        return table;
    } catch (const std::system_error& error) {
        throw Error("it cannot be opened: " + reason_of(error.what(), path.string()));
    }
}

}  // namespace etude
