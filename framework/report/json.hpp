// framework/report/json.hpp - results as JSON: keys in the order written, null where there is no number.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>

namespace etude {

using Json = nlohmann::ordered_json;

template <class T>
Json maybe(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

}  // namespace etude
