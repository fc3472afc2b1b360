// framework/cli/json_schema.hpp - what a declared table says, as JSON Schema (draft 7).
#pragma once
#include <nlohmann/json.hpp>

#include <span>
#include <string>

#include "base/value.hpp"

namespace etude::cli {

using Json = nlohmann::ordered_json;

/// Of a parameter's value: type, range, words, default, and its meaning for those who rest the pointer on it.
Json json_schema(const Parameter& parameter);
/// `properties` of a mapping: every parameter, and `NAME_ratio` of rates. Nothing is required, for a sweep may give it.
Json json_properties(const Schema& schema);
/// A mapping of exactly these keys.
Json json_mapping(Json properties, const std::string& description = "");
/// One of the names, each with its summary.
struct NamedSummary {
    std::string name, summary;
};
Json json_names(std::span<const NamedSummary> names);
/// A length: a bare number, or `{epochs: 5}`.
Json json_length(const Interval& range, const std::string& description);
Json json_number(const Interval& range, const std::string& description);
/// `number`, or `{find_lr: ...}`.
Json json_rate(const Json& number);
Json json_words(std::span<const std::string> words, const std::string& description);

}  // namespace etude::cli
