// framework/interchange/record_json.hpp - a trial's record as JSON and back, every bit of it.
//
// A double is its shortest number, a float the double of the same value; what JSON has no number for is "nan", "inf" or "-inf". Decision maps are
// bytes in base64.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "train/record.hpp"

namespace etude {

nlohmann::ordered_json record_to_json(const Record& record);
/// Throws Error "damaged: ..." for what record_to_json cannot have written; nlohmann's exceptions pass through.
Record record_from_json(const nlohmann::ordered_json& json);

/// The bytes of a base64 text (RFC 4648). Throws Error "damaged: ..." for what is none.
std::string from_base64(std::string_view text);

}  // namespace etude
