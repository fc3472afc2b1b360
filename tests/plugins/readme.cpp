// plugins/README.md shows what the plugins declare: the tables between its marks are made from the libraries.
// After a plugin changed: ETUDE_APPROVE=readme build/release/bin/test_plugins -t readme
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <string>

#include "base/files.hpp"
#include "base/text.hpp"
#include "plugins/harness.hpp"

using namespace etude;
using namespace etude::test;

namespace {

std::string parameter_text(const Parameter& parameter) {
    const bool has_default = !parameter.required && value_text(parameter.fallback) != "[]";
    std::string text = has_default ? fmt::format("`{}={}`", parameter.name, value_text(parameter.fallback)) : fmt::format("`{}`", parameter.name);
    if (parameter.required) text += " (must be given)";
    const bool is_explained_on_the_page = parameter.name == "weight_decay_form";
    if (parameter.type == ValueType::choice && !is_explained_on_the_page) text += fmt::format(" ({})", join(parameter.words, ", "));
    return text;
}

std::string preset_text(const PresetInfo& preset, PluginKind kind) {
    const bool has_rate = kind == PluginKind::optimizer && preset.lr > 0;
    return has_rate ? fmt::format("{} ({})", preset.name, rate_text(preset.lr)) : preset.name;
}

std::string table_of(Registry& registry, PluginKind kind) {
    const bool optimizers = kind == PluginKind::optimizer;
    const std::string folder = optimizers ? "optimizers" : "schedules";
    std::string text = optimizers ? "| optimizer | what it does | lr | parameters and defaults | presets (lr) |\n|---|---|---|---|---|\n"
                                  : "| schedule | what it does | parameters and defaults | presets |\n|---|---|---|---|\n";
    for (const Plugin* plugin : registry.all(kind)) {
        std::vector<std::string> parameters, presets;
        for (const Parameter& parameter : plugin->description.schema) parameters.push_back(parameter_text(parameter));
        for (const PresetInfo& preset : plugin->presets) presets.push_back(preset_text(preset, kind));
        const std::string& name = plugin->description.name;
        const std::string rate = optimizers ? fmt::format(" {} | ", rate_text(plugin->lr)) : " ";
        text += fmt::format("| [{0}]({1}/{0}.cpp) | {2} |{3}{4} | {5} |\n", name, folder, plugin->description.summary, rate, join(parameters, ", "),
                            join(presets, ", "));
    }
    return text;
}

/// The lines between `<!-- MARK -->` and the next `<!-- end -->`.
std::string between_marks(const std::string& page, const std::string& mark) {
    const std::string begin = "<!-- " + mark + " -->\n";
    const std::size_t from = page.find(begin), to = page.find("<!-- end -->", from);
    if (from == std::string::npos || to == std::string::npos) return "";
    return page.substr(from + begin.size(), to - from - begin.size());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(readme)

BOOST_AUTO_TEST_CASE(the_page_shows_what_the_plugins_declare) {
    Registry registry = shipped_plugins();
    const std::string file = ETUDE_SOURCE_DIR "/plugins/README.md";
    std::string page = read_file(file);
    for (const auto& [mark, kind] : {std::pair{"optimizers", PluginKind::optimizer}, std::pair{"schedules", PluginKind::schedule}}) {
        const std::string expected = table_of(registry, kind), found = between_marks(page, mark);
        BOOST_REQUIRE_MESSAGE(!found.empty(), "plugins/README.md has no table between the marks " << mark << " and end");
        BOOST_TEST((found == expected),
                   "the table of " << mark << " in plugins/README.md is not what the plugins declare; ETUDE_APPROVE=readme rewrites it");
        page.replace(page.find(found), found.size(), expected);
    }
    const char* approve = std::getenv("ETUDE_APPROVE");
    if (approve != nullptr && std::string_view(approve) == "readme") write_file(file, page);
}

BOOST_AUTO_TEST_SUITE_END()
