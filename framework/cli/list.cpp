// `etude list`: one line for each component; plugin files that were refused, with their reason.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "layers/catalogue.hpp"
#include "wrappers/kinds.hpp"

namespace etude::cli {
namespace {

const std::vector<std::string> groups = {"optimizers", "schedules", "wrappers", "datasets", "layers", "losses"};

struct Row {
    std::string name, summary, place;
};

void print_group(const std::string& title, const std::vector<Row>& rows) {
    fmt::print("{}\n", title);
    std::size_t name_width = 0, summary_width = 0;
    for (const Row& row : rows) {
        name_width = std::max(name_width, row.name.size());
        summary_width = std::max(summary_width, row.summary.size());
    }
    for (const Row& row : rows)
        fmt::print("  {:{}}  {}{}\n", row.name, name_width, row.summary,
                   row.place.empty() ? "" : std::string(summary_width - row.summary.size() + 2, ' ') + row.place);
}

std::vector<Row> plugin_rows(Registry& registry, PluginKind kind) {
    std::vector<Row> rows;
    for (const Plugin* plugin : registry.all(kind)) rows.push_back({plugin->description.name, plugin->description.summary, plugin->file.string()});
    return rows;
}

std::vector<Row> kind_rows(std::span<const Kind> kinds) {
    std::vector<Row> rows;
    for (const Kind& kind : kinds) rows.push_back({kind.name, kind.summary, ""});
    return rows;
}

int list(const Places& places, const std::string& group) {
    Registry registry = places.registry();
    const auto wanted = [&](const std::string& name) { return group.empty() || group == name; };
    if (wanted("optimizers")) print_group("optimizers", plugin_rows(registry, PluginKind::optimizer));
    if (wanted("schedules")) print_group("schedules", plugin_rows(registry, PluginKind::schedule));
    if (wanted("wrappers")) print_group("wrappers", kind_rows(wrapper_kinds()));
    if (wanted("datasets")) print_group("datasets", kind_rows(dataset_kinds()));
    if (wanted("layers")) print_group("layers", kind_rows(layer_kinds()));
    if (wanted("losses")) print_group("losses", kind_rows(loss_kinds()));
    if (!wanted("optimizers") && !wanted("schedules")) return success;
    const std::vector<RejectedFile> rejected = registry.rejected();
    if (!rejected.empty()) fmt::print("rejected files\n");
    for (const RejectedFile& file : rejected) fmt::print("  {}: {}\n", file.file.string(), file.reason);
    return success;
}

}  // namespace

void add_list(CLI::App& app, Action& action) {
    auto places = std::make_shared<Places>();
    auto group = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("list", "List optimizers, schedules, what goes around optimizers, data sets, layers and losses");
    command->add_option("group", *group, "Only these: " + join(groups, ", "))->check(CLI::IsMember(groups))->type_name("GROUP");
    add_plugin_option(*command, *places);
    command->callback([places, group, &action] { action = [places, group] { return list(*places, *group); }; });
}

}  // namespace etude::cli
