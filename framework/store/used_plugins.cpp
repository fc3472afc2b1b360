#include "store/used_plugins.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace etude {
namespace {

using Json = nlohmann::ordered_json;

UsedPlugin plugin_from_json(const Json& json) {
    const auto word = json.at("kind").get<std::string>();
    constexpr std::array kinds{PluginKind::optimizer, PluginKind::schedule};
    const auto found = std::ranges::find_if(kinds, [&](PluginKind kind) { return word == kind_word(kind); });
    if (found == kinds.end()) throw Error("damaged: a plugin of the kind '" + word + "'");
    return {*found, json.at("name"), json.at("file"), json.at("hash"), json.at("build")};
}

}  // namespace

std::string used_plugins_to_json(const std::vector<UsedPlugin>& plugins) {
    Json json = Json::array();
    for (const UsedPlugin& plugin : plugins)
        json.push_back({{"kind", kind_word(plugin.kind)},
                        {"name", plugin.name},
                        {"file", plugin.file},
                        {"hash", plugin.hash},
                        {"build", plugin.build}});
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<UsedPlugin> used_plugins_from_json(const std::string& text) {
    std::vector<UsedPlugin> plugins;
    try {
        for (const Json& plugin : Json::parse(text)) plugins.push_back(plugin_from_json(plugin));
    } catch (const nlohmann::json::exception& error) {
        throw Error(std::string("damaged: ") + error.what());
    }
    return plugins;
}

}  // namespace etude
