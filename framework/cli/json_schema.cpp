#include "cli/json_schema.hpp"

#include <cmath>

namespace etude::cli {
namespace {

Json with_description(Json schema, const std::string& description) {
    if (!description.empty()) schema["description"] = description;
    return schema;
}

/// Plain numbers of `range`; "inf", which is a text to JSON, where it lies inside.
Json number_in(const Interval& range, const char* type) {
    Json number{{"type", type}};
    if (range.min != -unbounded) number[range.min_open ? "exclusiveMinimum" : "minimum"] = range.min;
    if (range.max != unbounded) number[range.max_open ? "exclusiveMaximum" : "maximum"] = range.max;
    if (std::string(type) == "number" && range.contains(unbounded)) return {{"anyOf", {number, {{"enum", {"inf"}}}}}};
    return number;
}

Json length_in(const Interval& range) {
    const Json amount = number_in(range, "number");
    Json units = json_mapping({{"updates", amount}, {"epochs", amount}, {"fraction", amount}});
    units["minProperties"] = units["maxProperties"] = 1;
    return {{"anyOf", {amount, units}}};
}

/// A list, or one value for a list of one.
Json list_of(const Json& element) { return {{"anyOf", {element, {{"type", "array"}, {"items", element}}}}}; }

Json any_of(const Json& a, const Json& b) { return {{"anyOf", {a, b}}}; }

Json value_schema(const Parameter& p) {
    switch (p.type) {
        case ValueType::real: return p.rate ? json_rate(number_in(p.range, "number")) : number_in(p.range, "number");
        case ValueType::integer: {
            const Json whole = number_in(p.range, "integer");
            return p.words.empty() ? whole : any_of(whole, {{"enum", p.words}});
        }
        case ValueType::flag: return {{"type", "boolean"}};
        case ValueType::choice: return {{"enum", p.words}};
        case ValueType::duration: return length_in(p.range);
        case ValueType::reals: return list_of(number_in(p.range, "number"));
        case ValueType::durations: return list_of(length_in(p.range));
        case ValueType::text: return {{"type", {"string", "number", "boolean"}}};
    }
    return Json::object();
}

std::string description_of(const Parameter& p) {
    std::string text = p.doc;
    const bool is_numeric = p.type != ValueType::flag && p.type != ValueType::text && p.type != ValueType::choice;
    if (is_numeric && (p.range.min != -unbounded || p.range.max != unbounded)) text += " In " + p.range.text() + ".";
    if (p.required) return text + " Must be given.";
    if (std::holds_alternative<std::monostate>(p.fallback)) return text;
    return text + " Default: " + value_text(p.fallback) + (p.relative_to.empty() ? "" : " x " + p.relative_to) + ".";
}

}  // namespace

Json json_schema(const Parameter& p) {
    Json schema = value_schema(p);
    if (!p.required && std::holds_alternative<std::monostate>(p.fallback)) schema = any_of(schema, {{"type", "null"}});
    return with_description(std::move(schema), description_of(p));
}

Json json_properties(const Schema& schema) {
    Json properties = Json::object();
    for (const Parameter& p : schema) {
        properties[p.name] = json_schema(p);
        if (p.rate && p.type == ValueType::real)
            properties[p.name + "_ratio"] = json_number(p.range.min >= 0 ? at_least(0) : Interval{}, p.doc + " As a multiple of the base rate.");
    }
    return properties;
}

Json json_mapping(Json properties, const std::string& description) {
    return with_description({{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}}, description);
}

Json json_names(std::span<const NamedSummary> names) {
    Json words = Json::array(), summaries = Json::array();
    for (const NamedSummary& named : names) words.push_back(named.name), summaries.push_back(named.summary);
    return {{"enum", words}, {"enumDescriptions", summaries}};
}

Json json_length(const Interval& range, const std::string& description) { return with_description(length_in(range), description); }
Json json_number(const Interval& range, const std::string& description) { return with_description(number_in(range, "number"), description); }
Json json_rate(const Json& number) { return any_of(number, {{"$ref", "#/definitions/find_lr"}}); }

Json json_words(std::span<const std::string> words, const std::string& description) {
    Json list = Json::array();
    for (const std::string& word : words) list.push_back(word);
    return with_description({{"enum", list}}, description);
}

}  // namespace etude::cli
