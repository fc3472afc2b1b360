#include "cli/scaffold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "base/error.hpp"
#include "base/files.hpp"
#include "cli/scaffold_texts.hpp"

namespace etude::cli {
namespace {

namespace fs = std::filesystem;

/// CMake keeps these names for targets of its own.
constexpr std::array<std::string_view, 7> reserved = {"all", "clean", "etude", "help", "install", "package", "test"};

bool is_snake_case(std::string_view name) {
    const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
    return !name.empty() && name.size() <= 64 && small(name[0]) && name.find("__") == std::string_view::npos && !name.ends_with('_') &&
           std::ranges::all_of(name, [&](char c) { return small(c) || (c >= '0' && c <= '9') || c == '_'; });
}

/// "half_cosine" is struct HalfCosine.
std::string struct_name(std::string_view name) {
    std::string type;
    bool begins_word = true;
    for (const char c : name) {
        if (c == '_')
            begins_word = true;
        else
            type += begins_word ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c, begins_word = false;
    }
    return type;
}

void check_name(const std::string& name) {
    if (!is_snake_case(name))
        throw Error(fmt::format("'{}' is no name for a plugin", name),
                    "a small letter, then small letters, digits and single _, at most 64: half_cosine");
    if (std::ranges::find(reserved, name) != reserved.end())
        throw Error(fmt::format("'{}' is a name that CMake keeps for itself", name), "another name");
    Registry registry = Registry::standard();
    for (const PluginKind kind : {PluginKind::optimizer, PluginKind::schedule})
        if (const Plugin* plugin = registry.find(kind, name))
            throw Error(fmt::format("there is {} {} '{}' already: {}", kind == PluginKind::optimizer ? "an" : "a", kind_word(kind), name,
                                    plugin->file.string()),
                        "another name");
}

void check_folder(const fs::path& folder) {
    if (!fs::exists(folder)) return;
    if (!fs::is_directory(folder)) throw Error(fmt::format("{}: it is there and is no folder", folder.string()), "another DIR");
    if (!fs::is_empty(folder)) throw Error(fmt::format("{}: the folder is not empty", folder.string()), "another DIR, or empty it first");
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
}

}  // namespace

std::string make_scaffold(PluginKind kind, const std::string& name, const fs::path& folder) {
    using namespace scaffold;
    check_name(name);
    check_folder(folder);
    const bool is_optimizer = kind == PluginKind::optimizer;
    const auto filled = [&](std::string_view part, std::string_view rest = "") {
        std::string text = std::string(part) + std::string(rest);
        replace_all(text, "@preview@", is_optimizer ? optimizer_preview : schedule_preview);
        replace_all(text, "@A kind@", is_optimizer ? "An optimizer" : "A schedule");
        replace_all(text, "@type@", struct_name(name));
        replace_all(text, "@name@", name);
        return text;
    };
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw Error(fmt::format("{}: cannot be made: {}", folder.string(), error.message()));
    const fs::path source = folder / (name + ".cpp"), study = folder / "study.yaml";
    write_file(source, filled(is_optimizer ? optimizer_source : schedule_source));
    write_file(study, filled(study_head, is_optimizer ? optimizer_study : schedule_study));
    write_file(folder / "CMakeLists.txt", filled(cmake_head, is_optimizer ? optimizer_cmake : schedule_cmake));
    write_file(folder / "README.md", filled(readme));
    return fmt::format("{0}: {1}.cpp, study.yaml, CMakeLists.txt, README.md\nnext: etude run {2} --plugins {3}\n", folder.string(), name,
                       study.string(), source.string());
}

}  // namespace etude::cli
