// framework/study/foreign.hpp - words of other tools that a study has another way for.
#pragma once
#include <algorithm>
#include <span>
#include <string_view>

namespace etude {

struct ForeignKey {
    const char* key;
    const char* hint;  ///< how a study says it
};
/// The entry of `key`, or nullptr.
inline const ForeignKey* find_foreign(std::span<const ForeignKey> keys, std::string_view key) {
    const auto found = std::ranges::find(keys, key, &ForeignKey::key);
    return found == keys.end() ? nullptr : &*found;
}

}  // namespace etude
