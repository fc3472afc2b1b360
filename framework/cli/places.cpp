#include "cli/command.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "base/diagnostics.hpp"

namespace etude::cli {

void print_error(const Error& error) {
    if (dynamic_cast<const DiagnosticsError*>(&error) != nullptr) {
        fmt::print(stderr, "{}\n", error.what());
        return;
    }
    fmt::print(stderr, "etude: error: {}\n", error.what());
    if (!error.hint().empty()) fmt::print(stderr, "  hint: {}\n", error.hint());
}

void add_plugin_option(CLI::App& command, Places& places) {
    command.add_option("--plugins", places.plugins,
                       "Folder with plugins, a library, or a source that is compiled; may be given several times. ETUDE_PLUGINS adds more")
        ->type_name("DIR|FILE.so|FILE.cpp")
        ->allow_extra_args(false);
}

void add_data_option(CLI::App& command, Places& places) {
    command.add_option("--data", places.data, "Folder with data sets; may be given several times. ETUDE_DATA adds more")
        ->type_name("DIR")
        ->allow_extra_args(false);
}

void add_text_or_json(CLI::App& command, bool& json) {
    const auto choose = [&json](const std::string& word) { json = word == "json"; };
    command.add_option_function<std::string>("--format", choose, "text (default) for people, json for programs")
        ->check(CLI::IsMember({"text", "json"}))
        ->type_name("text|json");
}

}  // namespace etude::cli
