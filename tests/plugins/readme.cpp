// plugins/README.md shows what the plugins declare: the tables between its marks are made from the libraries.
#include <boost/test/unit_test.hpp>
#include <string>

#include "base/files.hpp"
#include "base/text.hpp"
#include "plugins/harness.hpp"

using namespace etude;
using namespace etude::test;

namespace {

std::string parameter_text(const Parameter& parameter) {
    std::string text = "`";
    text += parameter.name;
    if (!parameter.required) {
        const bool is_empty_list = value_text(parameter.fallback) == "[]";
        if (!is_empty_list) text += "=" + value_text(parameter.fallback);
    }
    text += "`";
    if (parameter.required) text += " (must be given)";
    const bool is_explained_on_the_page = parameter.name == "weight_decay_form";
    if (parameter.type == ValueType::choice && !is_explained_on_the_page) text += " (" + join(parameter.words, ", ") + ")";
    return text;
}

std::string preset_text(const PresetInfo& preset, PluginKind kind) {
    return kind == PluginKind::optimizer && preset.lr > 0 ? preset.name + " (" + rate_text(preset.lr) + ")" : preset.name;
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
        text += "| [" + name + "](" + folder + "/" + name + ".cpp) | " + plugin->description.summary + " | ";
        if (optimizers) text += rate_text(plugin->lr) + " | ";
        text += join(parameters, ", ") + " | " + join(presets, ", ") + " |\n";
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
    const std::string page = read_file(ETUDE_SOURCE_DIR "/plugins/README.md");
    for (const auto& [mark, kind] : {std::pair{"optimizers", PluginKind::optimizer}, std::pair{"schedules", PluginKind::schedule}}) {
        const std::string expected = table_of(registry, kind), file = std::string(ETUDE_BINARY_DIR "/plugins-") + mark + ".md";
        const bool same = between_marks(page, mark) == expected;
        if (!same) write_file(file, expected);
        BOOST_TEST(same, "the table of " << mark << " in plugins/README.md is not what the plugins declare; what it should be is in " << file);
    }
}

BOOST_AUTO_TEST_SUITE_END()
