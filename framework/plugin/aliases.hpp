// framework/plugin/aliases.hpp - what others call things, and how a study says them here: the one table of it.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "plugin/registry.hpp"

namespace etude {

struct Alias {
    std::string_view name;     ///< as its users write it: "linear_to_zero", "ReduceLROnPlateau"
    PluginKind kind;
    std::string_view plugin;   ///< the one that draws or steps it; "" when the host does
    std::string_view written;  ///< in a study, with example values for what must be given
};

/// All of them, schedules first.
std::span<const Alias> aliases();
/// The alias of this name; capitals, `_` and `-` make no difference. nullptr when there is none.
const Alias* find_alias(PluginKind kind, std::string_view name);
/// "StepLR is step: {name: step, preset: pytorch, size: {epochs: 30}}", for hints.
std::string alias_text(const Alias& alias);

}  // namespace etude
