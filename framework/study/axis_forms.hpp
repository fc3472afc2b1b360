// framework/study/axis_forms.hpp - the mappings that stand for the values of an axis: spacings, draws, conditions.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "study/axis.hpp"

namespace etude {

/// Does the key make a mapping a spacing (`log`) or a draw (`log_uniform`)?
bool is_spacing(const std::string& key);
bool is_draw(const std::string& key);
/// Of both, for hints.
const std::vector<std::string>& axis_form_names();

/// `{log: [lo, hi], points: n}`; `rule` is the entry of the spacing. Nothing after an error.
std::optional<std::vector<Node>> read_spacing(const Node& mapping, const Entry& rule, Diagnostics& diagnostics);
/// `{log_uniform: [lo, hi], draws: n, seed: s, step: q}`, `{choice: [...]}`. Nothing after an error.
std::optional<Draw> read_draw(const Node& mapping, const Entry& rule, Diagnostics& diagnostics);
/// `when: {path: value}`. Nothing after an error.
std::optional<AxisCondition> read_condition(const Node& node, Diagnostics& diagnostics);
/// The hint when the key is another tool's: "etude writes `{log_uniform: [lo, hi], draws: n}`"; empty when nobody's.
std::string foreign_form_hint(const std::string& key);

}  // namespace etude
