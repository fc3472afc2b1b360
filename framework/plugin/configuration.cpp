#include "plugin/configuration.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "plugin/table.hpp"

namespace etude {

std::string title(const Plugin& plugin) {
    return std::string(kind_word(plugin.kind)) + " '" + plugin.description.name + "'";
}

std::string reason_of(const etude_error& error) {
    const std::string_view message(error.message, strnlen(error.message, sizeof error.message));
    return message.empty() ? "it gives no reason" : std::string(message);
}

PluginConfiguration::PluginConfiguration(const Plugin& plugin, const Values& values, const TimeScale& time)
    : plugin_(plugin), arguments_(plugin.description.schema, values, time), place_(std::max<std::size_t>(1, plugin.table->self_size)) {
    create();
}

void PluginConfiguration::create() {
    const etude_table table = read_table(plugin_.table);
    etude_error error{sizeof error, {}};
    if (table.create(place_.data(), arguments_.data(), &error) != 0) throw Error(title(plugin_) + ": " + reason_of(error));
    destroy_ = table.destroy;
}

void PluginConfiguration::set(std::size_t parameter, double value) {
    const Parameter& declared = plugin_.description.schema[parameter];
    ETUDE_ASSERT(declared.type == ValueType::real, "'" + declared.name + "' is no real number");
    if (!declared.range.contains(value)) throw Error(title(plugin_) + ": " + *range_problem(declared, value));
    arguments_.set_real(parameter, value);
    if (const auto destroy = std::exchange(destroy_, nullptr)) destroy(place_.data());
    create();
}

PluginConfiguration::~PluginConfiguration() {
    if (destroy_ != nullptr) destroy_(place_.data());
}

}  // namespace etude
