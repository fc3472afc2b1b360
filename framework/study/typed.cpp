#include "study/typed.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace etude {
namespace {

/// The node in messages: "'ten'", "a list".
std::string shown(const Node& node) {
    if (!node.is_scalar()) return kind_name(node);
    return node.quoted ? "\"" + node.text + "\"" : "'" + node.text + "'";
}

/// The hint for a scalar of the wrong type.
std::string type_hint(const Node& node, const Parameter& parameter) {
    if (node.quoted && (parse_real(node.text) || node.text == "true" || node.text == "false")) return "without the quotes it is a value";
    static constexpr std::string_view yes_words[] = {"yes", "Yes", "YES", "on", "On", "ON", "True", "TRUE", "1"};
    static constexpr std::string_view no_words[] = {"no", "No", "NO", "off", "Off", "OFF", "False", "FALSE", "0"};
    if (parameter.type != ValueType::flag || node.quoted) return "";
    if (std::ranges::find(yes_words, node.text) != std::end(yes_words)) return "did you mean 'true'?";
    if (std::ranges::find(no_words, node.text) != std::end(no_words)) return "did you mean 'false'?";
    return "";
}

void wrong_type(const Node& node, const Parameter& parameter, Diagnostics& diagnostics) {
    const std::string verb = node.is_scalar() ? ": " + shown(node) + " is not " : " is " + shown(node) + ", not ";
    diagnostics.error(node.place, parameter.name + verb + type_name(parameter), type_hint(node, parameter));
}

std::optional<double> plain_real(const Node& node) { return node.is_scalar() && !node.quoted ? parse_real(node.text) : std::nullopt; }

std::optional<Duration> plain_duration(const Node& node) {
    if (const auto ticks = plain_real(node)) return Duration{*ticks, TimeUnit::ticks};
    if (!node.is_mapping() || node.entries.size() != 1) return std::nullopt;
    const auto amount = plain_real(node.entries[0].value);
    if (!amount) return std::nullopt;
    const std::string& unit = node.entries[0].key;
    if (unit == "updates") return Duration{*amount, TimeUnit::updates};
    if (unit == "epochs") return Duration{*amount, TimeUnit::epochs};
    if (unit == "fraction") return Duration{*amount, TimeUnit::fraction};
    return std::nullopt;
}

/// A list, or one value that stands for a list of one.
template <class T, class F>
std::optional<std::vector<T>> plain_list(const Node& node, F&& element) {
    std::vector<T> list;
    if (!node.is_list()) {
        const std::optional<T> one = element(node);
        return one ? std::optional(std::vector<T>{*one}) : std::nullopt;
    }
    for (const Node& item : node.items) {
        const std::optional<T> value = element(item);
        if (!value) return std::nullopt;
        list.push_back(*value);
    }
    return list;
}

std::optional<Value> convert(const Node& node, const Parameter& parameter) {
    const auto as_value = [](const auto& value) { return value ? std::optional<Value>(*value) : std::nullopt; };
    switch (parameter.type) {
        case ValueType::real:
            return as_value(plain_real(node));
        case ValueType::integer: {
            if (node.is_scalar() && std::ranges::find(parameter.words, node.text) != parameter.words.end()) return Value{node.text};
            const auto whole = node.is_scalar() && !node.quoted ? parse_integer(node.text) : std::nullopt;
            return whole ? std::optional<Value>(static_cast<std::int64_t>(*whole)) : std::nullopt;
        }
        case ValueType::flag:
            if (!node.is_scalar() || node.quoted || (node.text != "true" && node.text != "false")) return std::nullopt;
            return Value{node.text == "true"};
        case ValueType::choice:
        case ValueType::text:
            return node.is_scalar() ? std::optional<Value>(node.text) : std::nullopt;
        case ValueType::duration:
            return as_value(plain_duration(node));
        case ValueType::reals:
            return as_value(plain_list<double>(node, plain_real));
        case ValueType::durations:
            return as_value(plain_list<Duration>(node, plain_duration));
    }
    return std::nullopt;
}

/// Where a range problem of `value` is written: the element of the list that has it, else the node.
template <class T>
Place place_in_list(const Node& node, const Parameter& parameter, const std::vector<T>& list) {
    for (std::size_t i = 0; i < list.size() && i < node.items.size(); ++i)
        if (range_problem(parameter, std::vector<T>(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(i) + 1))) return node.items[i].place;
    return node.place;
}

Place place_of_problem(const Node& node, const Parameter& parameter, const Value& value) {
    if (const auto* reals = std::get_if<std::vector<double>>(&value)) return place_in_list(node, parameter, *reals);
    if (const auto* durations = std::get_if<std::vector<Duration>>(&value)) return place_in_list(node, parameter, *durations);
    const bool is_amount = std::holds_alternative<Duration>(value) && node.is_mapping();
    return is_amount ? node.entries[0].value.place : node.place;
}

std::string range_hint(const Node& node, const Parameter& parameter) {
    if (parameter.type != ValueType::choice) return "";
    const auto near = nearest(node.text, parameter.words);
    return near ? "did you mean '" + *near + "'?" : "";
}

/// An element of the wrong type inside a list is named by its own place.
const Node& culprit(const Node& node, const Parameter& parameter) {
    if (!node.is_list()) return node;
    for (const Node& item : node.items) {
        if (parameter.type == ValueType::reals && !plain_real(item)) return item;
        if (parameter.type == ValueType::durations && !plain_duration(item)) return item;
    }
    return node;
}

}  // namespace

std::optional<Value> read_value(const Node& node, const Parameter& parameter, Diagnostics& diagnostics) {
    const bool may_be_absent = std::holds_alternative<std::monostate>(parameter.fallback) && !parameter.required;
    if (node.is_null() && may_be_absent) return Value{};
    if (node.is_null()) {
        diagnostics.error(node.place, parameter.name + " has no value", "it is " + type_name(parameter));
        return std::nullopt;
    }
    const std::optional<Value> value = convert(node, parameter);
    if (!value) {
        const Node& wrong = culprit(node, parameter);
        if (&wrong == &node)
            wrong_type(node, parameter, diagnostics);
        else {
            Parameter element = parameter;
            element.type = parameter.type == ValueType::reals ? ValueType::real : ValueType::duration;
            element.name += "[" + std::to_string(&wrong - node.items.data()) + "]";
            wrong_type(wrong, element, diagnostics);
        }
        return std::nullopt;
    }
    if (const auto problem = range_problem(parameter, *value)) {
        diagnostics.error(place_of_problem(node, parameter, *value), *problem, range_hint(node, parameter));
        return std::nullopt;
    }
    return value;
}

void report_unknown_key(const Entry& entry, const std::string& owner, const std::vector<std::string>& known, Diagnostics& diagnostics) {
    diagnostics.error(entry.key_place, owner + " has no key '" + entry.key + "'", spelling_hint(entry.key, known));
}

std::optional<Values> read_mapping(const Node& mapping, const Schema& schema, const MappingRules& rules, Diagnostics& diagnostics) {
    Values values = defaults(schema);
    bool good = true;
    for (const Entry& entry : mapping.entries) {
        if (rules.host_key && rules.host_key(entry)) continue;
        const Parameter* parameter = find_parameter(schema, entry.key);
        if (parameter == nullptr) {
            std::vector<std::string> known = names_of(schema);
            known.insert(known.end(), rules.more_keys.begin(), rules.more_keys.end());
            report_unknown_key(entry, rules.owner, known, diagnostics);
            good = false;
            continue;
        }
        auto value = read_value(entry.value, *parameter, diagnostics);
        if (value)
            values.set(entry.key, std::move(*value));
        else
            good = false;
    }
    for (const Parameter& parameter : schema)
        if (parameter.required && mapping.find(parameter.name) == nullptr) {
            if (!rules.tolerate_missing)
                diagnostics.error(mapping.place, rules.owner + " needs '" + parameter.name + "'",
                                  parameter.doc.empty() ? "" : parameter.name + ": " + type_name(parameter));
            good = false;
        }
    return good ? std::optional(std::move(values)) : std::nullopt;
}

std::optional<double> read_real(const Node& node, const std::string& name, Interval range, Diagnostics& diagnostics) {
    const auto value = read_value(node, required(real(name, 0, range, "")), diagnostics);
    return value ? std::optional(std::get<double>(*value)) : std::nullopt;
}

std::optional<std::int64_t> read_integer(const Node& node, const std::string& name, Interval range, Diagnostics& diagnostics) {
    const auto value = read_value(node, required(integer(name, 0, range, "")), diagnostics);
    return value ? std::optional(std::get<std::int64_t>(*value)) : std::nullopt;
}

std::optional<std::string> read_word(const Node& node, const std::string& name, Diagnostics& diagnostics) {
    const auto value = read_value(node, required(text(name, "", "")), diagnostics);
    return value ? std::optional(std::get<std::string>(*value)) : std::nullopt;
}

}  // namespace etude
