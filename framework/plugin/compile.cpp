#include "plugin/compile.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "plugin/child.hpp"
#include "plugin/compiler_messages.hpp"
#include "plugin_flags.hpp"

namespace etude {
namespace {

namespace fs = std::filesystem;

using Words = std::vector<std::string>;

struct Compiler {
    Words command;        ///< CXX may be "ccache g++"
    std::string version;  ///< all that --version says
    bool is_clang() const { return version.find("clang") != std::string::npos; }
};

std::optional<Compiler> try_compiler(const Words& command) {
    Words question = command;
    question.push_back("--version");
    const ChildOutcome outcome = run_child(question);
    if (!outcome.was_started || outcome.code != 0) return std::nullopt;
    return Compiler{command, outcome.text};
}

Compiler find_compiler(const fs::path& source) {
    if (const char* variable = std::getenv("CXX"); variable != nullptr && *variable != '\0') {
        Words command = split(variable, ' ');
        std::erase(command, "");
        if (!command.empty())
            if (auto compiler = try_compiler(command)) return *compiler;
        throw Error(fmt::format("{}: the compiler that CXX names, '{}', cannot be run", source.string(), variable),
                    "unset CXX, or let it name g++ or clang++");
    }
    for (const char* name : {"c++", "g++", "clang++"})
        if (auto compiler = try_compiler({name})) return *compiler;
    throw Error(fmt::format("{}: there is no C++ compiler to build it with", source.string()), "`apt-get install g++`, or let CXX name a compiler");
}

/// The folder to include from: it holds etude/plugin.hpp.
fs::path sdk_folder(const fs::path& source) {
    const fs::path folder = program_root() / "include";
    if (fs::exists(folder / "etude/plugin.hpp")) return folder;
    throw Error(fmt::format("{}: the SDK's headers are not in {}", source.string(), (folder / "etude").string()),
                "install etude with `cmake --install`");
}

fs::path cache_folder(const fs::path& source) {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    if (cache != nullptr && fs::path(cache).is_absolute()) return fs::path(cache) / "etude";
    const char* home = std::getenv("HOME");
    if (home != nullptr && *home != '\0') return fs::path(home) / ".cache/etude";
    throw Error(fmt::format("{}: there is no folder for what is compiled: neither XDG_CACHE_HOME nor HOME is set", source.string()));
}

Words flags_for(const Compiler& compiler, const fs::path& include) {
    Words flags;
    const auto append = [&](std::string_view list) {
        for (const std::string& flag : split(list, ';')) flags.push_back(flag);
    };
    append(detail::plugin_flags);
    if (compiler.is_clang()) append(detail::plugin_clang_flags);
    append(detail::plugin_link_flags);
    for (const std::string flag : {"-shared", "-w", "-fdiagnostics-color=never", "-isystem"}) flags.push_back(flag);
    flags.push_back(include.string());
    return flags;
}

/// Of all that decides the library, but for the author's own headers: which those are is known after compiling only.
std::uint64_t content_key(const fs::path& source, const fs::path& include, const Compiler& compiler, const Words& flags) {
    std::string all = read_file(source);
    std::vector<fs::path> headers;
    for (const fs::directory_entry& entry : fs::directory_iterator(include / "etude"))
        if (entry.path().extension() == ".h" || entry.path().extension() == ".hpp") headers.push_back(entry.path());
    std::ranges::sort(headers);
    for (const fs::path& header : headers) all += '\0' + header.filename().string() + '\0' + read_file(header);
    all += '\0' + join(compiler.command, " ") + '\0' + compiler.version + '\0' + join(flags, " ") + '\0' + std::string(detail::plugin_map);
    return hash_bytes(all);
}

/// The author's own headers from a rule for make, "x.so: x.cpp a.hpp \ b.hpp": "HASH PATH" for each.
std::string own_headers(const std::string& rule, const fs::path& source) {
    std::string text = rule.substr(std::min(rule.size(), rule.find(": ") + 1)), lines;
    std::ranges::replace(text, '\n', ' ');
    for (const std::string& word : split(text, ' '))
        if (!word.empty() && word != "\\" && word != source.string()) lines += hex(hash_file(word)) + " " + fs::absolute(word).string() + "\n";
    return lines;
}

/// Is the kept library made with these very headers?
bool headers_are_the_same(const fs::path& list) {
    for (const std::string& line : split(read_file(list), '\n')) {
        if (line.empty()) continue;
        const fs::path header = line.substr(17);
        if (!fs::exists(header) || hex(hash_file(header)) != line.substr(0, 16)) return false;
    }
    return true;
}

/// Nothing was compiled into `folder`, unless another process is at it or was before.
void remove_if_unused(const fs::path& folder) {
    std::error_code ignored;
    if (std::distance(fs::directory_iterator(folder, ignored), fs::directory_iterator()) != 1) return;
    fs::remove(folder / "plugin.map", ignored);
    fs::remove(folder, ignored);
}

/// Compiles into `folder` under a name of this process; the library takes its place last.
void compile_into(const fs::path& folder, const fs::path& source, const Compiler& compiler, const Words& flags, const fs::path& include) {
    const std::string mine = ".part" + std::to_string(::getpid());
    const fs::path library = folder / (source.stem().string() + ".so"), part = library.string() + mine, rule = folder / ("rule" + mine);
    write_file(folder / "plugin.map", detail::plugin_map);
    Words command = compiler.command;
    command.insert(command.end(), flags.begin(), flags.end());
    for (const std::string& word : {"-Wl,--version-script=" + (folder / "plugin.map").string(), std::string("-MMD"), std::string("-MF"),
                                    rule.string(), source.string(), std::string("-o"), part.string()})
        command.push_back(word);
    const ChildOutcome outcome = run_child(command);
    std::error_code ignored;  // leftovers of a failed compilation do no harm
    if (outcome.code != 0 || !fs::exists(part)) {
        fs::remove(part, ignored);
        fs::remove(rule, ignored);
        remove_if_unused(folder);
        const fs::path sdk = include / "etude";  // a link in the build tree: g++ names headers by the shorter path
        throw Error(fmt::format("{}: it does not compile\n{}", source.string(),
                                author_messages(outcome.text, source.string(), Words{sdk.string(), fs::canonical(sdk).string()})));
    }
    write_file(folder / "headers", own_headers(read_file(rule), source));
    fs::remove(rule, ignored);
    fs::rename(part, library);
}

}  // namespace

std::vector<fs::path> with_own_headers(const fs::path& source) {
    std::vector<fs::path> files = {source.lexically_normal()};
    for (std::size_t i = 0; i < files.size(); ++i) {
        std::ifstream text(files[i]);
        for (std::string line; std::getline(text, line);) {
            const auto word_at = [&](std::size_t from) { return std::min(line.size(), line.find_first_not_of(" \t", from)); };
            const std::size_t hash = word_at(0), word = word_at(hash + 1);
            if (hash == line.size() || line[hash] != '#' || line.compare(std::min(word, line.size()), 7, "include") != 0) continue;
            const std::size_t open = word_at(word + 7), close = line.find('"', open + 1);
            if (open == line.size() || line[open] != '"' || close == std::string::npos) continue;
            const fs::path header = (files[i].parent_path() / line.substr(open + 1, close - open - 1)).lexically_normal();
            if (std::ranges::find(files, header) == files.end()) files.push_back(header);
        }
    }
    return files;
}

fs::path program_root() {
    std::error_code error;
    const fs::path executable = fs::read_symlink("/proc/self/exe", error);
    return error ? fs::path() : executable.parent_path().parent_path();
}

CompiledPlugin compile_plugin(const fs::path& source) {
    const Compiler compiler = find_compiler(source);
    const fs::path include = sdk_folder(source);
    const Words flags = flags_for(compiler, include);
    const fs::path folder = cache_folder(source) / "plugins" / hex(content_key(source, include, compiler, flags));
    const fs::path library = folder / (source.stem().string() + ".so");
    if (fs::exists(library) && fs::exists(folder / "headers") && headers_are_the_same(folder / "headers")) return {library, true};
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw Error(fmt::format("{}: cannot be made: {}", folder.string(), error.message()), "XDG_CACHE_HOME names another place");
    compile_into(folder, source, compiler, flags, include);
    return {library, false};
}

}  // namespace etude
