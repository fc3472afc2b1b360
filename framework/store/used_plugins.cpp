#include "store/used_plugins.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "store/database.hpp"

namespace etude {
namespace {

using Json = nlohmann::ordered_json;

const std::array<std::string, 2> kind_words{"optimizer", "schedule"};  // in the order of PluginKind

std::filesystem::path file_of(const std::filesystem::path& folder) { return folder / "etude.sqlite"; }

UsedPlugin plugin_from_json(const Json& json) {
    const auto word = json.at("kind").get<std::string>();
    const auto found = std::ranges::find(kind_words, word);
    if (found == kind_words.end()) throw Error("damaged: a plugin of the kind '" + word + "'");
    return {static_cast<PluginKind>(found - kind_words.begin()), json.at("name"), json.at("file"), json.at("hash"), json.at("build")};
}

}  // namespace

void put_used_plugins(const std::filesystem::path& folder, const std::vector<UsedPlugin>& plugins) {
    Json json = Json::array();
    for (const UsedPlugin& plugin : plugins)
        json.push_back({{"kind", kind_words.at(static_cast<std::size_t>(plugin.kind))},
                        {"name", plugin.name},
                        {"file", plugin.file},
                        {"hash", plugin.hash},
                        {"build", plugin.build}});
    Database database(file_of(folder), Database::Access::write);
    database.prepare("INSERT OR REPLACE INTO meta VALUES ('plugins', ?)").bind(0, json.dump(-1, ' ', false, Json::error_handler_t::replace)).run();
}

std::vector<UsedPlugin> used_plugins(const std::filesystem::path& folder) {
    Database database(file_of(folder), Database::Access::read);
    Statement find = database.prepare("SELECT value FROM meta WHERE key = 'plugins'");
    std::vector<UsedPlugin> plugins;
    if (!find.step()) return plugins;
    try {
        for (const Json& plugin : Json::parse(find.text(0))) plugins.push_back(plugin_from_json(plugin));
    } catch (const nlohmann::json::exception& error) {
        throw Error(file_of(folder).string() + ": damaged: " + error.what());
    }
    return plugins;
}

}  // namespace etude
