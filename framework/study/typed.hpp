// framework/study/typed.hpp - nodes to checked values, as a Schema declares them.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "base/value.hpp"
#include "study/tree.hpp"

namespace etude {

/// The value of `node` for `parameter`, or nothing after an error at the node. Null is a value of a parameter that may be left out.
std::optional<Value> read_value(const Node& node, const Parameter& parameter, Diagnostics& diagnostics);

/// How a mapping is read.
struct MappingRules {
    std::string owner;                           ///< "layer 'dense'", for messages
    std::function<bool(const Entry&)> host_key;  ///< has it been dealt with elsewhere?
    std::vector<std::string> more_keys;          ///< for the hint when a key is unknown
    bool tolerate_missing = false;               ///< a sweep gives the rest
};

/// Every value of `schema`, defaults filled in; nothing after an error.
std::optional<Values> read_mapping(const Node& mapping, const Schema& schema, const MappingRules& rules, Diagnostics& diagnostics);

/// A real number, a whole number or a word, for keys of the host; nothing after an error.
std::optional<double> read_real(const Node& node, const std::string& name, Interval range, Diagnostics& diagnostics);
std::optional<std::int64_t> read_integer(const Node& node, const std::string& name, Interval range, Diagnostics& diagnostics);
std::optional<std::string> read_word(const Node& node, const std::string& name, Diagnostics& diagnostics);

/// The error for a key that nobody knows.
void report_unknown_key(const Entry& entry, const std::string& owner, const std::vector<std::string>& known, Diagnostics& diagnostics);

}  // namespace etude
