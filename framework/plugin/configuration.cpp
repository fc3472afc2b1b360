#include "plugin/configuration.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"
#include "plugin/table.hpp"

namespace etude {

std::string title(const Plugin& plugin) {
    return (plugin.kind == PluginKind::optimizer ? "optimizer '" : "schedule '") + plugin.description.name + "'";
}

std::string reason_of(const etude_error& error) {
    const std::string_view message(error.message, strnlen(error.message, sizeof error.message));
    return message.empty() ? "it gives no reason" : std::string(message);
}

Configuration::Configuration(const Plugin& plugin, const Values& values, const TimeScale& time)
    : arguments_(plugin.description.schema, values, time), place_(std::max<std::size_t>(1, plugin.table->self_size)) {
    const etude_table table = read_table(plugin.table);
    etude_error error{sizeof error, {}};
    if (table.create(place_.data(), arguments_.data(), &error) != 0) throw Error(title(plugin) + ": " + reason_of(error));
    destroy_ = table.destroy;
}

Configuration::~Configuration() {
    if (destroy_ != nullptr) destroy_(place_.data());
}

}  // namespace etude
