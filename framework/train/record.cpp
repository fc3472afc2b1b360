#include "train/record.hpp"

#include <algorithm>
#include <array>

namespace etude {
namespace {

const std::array<std::string, 4> status_words{"completed", "diverged", "failed", "pruned"};  // in the order of Status

}  // namespace

const std::string& status_word(Status status) { return status_words.at(static_cast<std::size_t>(status)); }

std::optional<Status> status_from_word(std::string_view word) {
    const auto found = std::ranges::find(status_words, word);
    if (found == status_words.end()) return std::nullopt;
    return static_cast<Status>(found - status_words.begin());
}

const Curve* Record::find(std::string_view metric) const {
    const auto found = std::ranges::find(curves, metric, &Curve::metric);
    return found == curves.end() ? nullptr : &*found;
}

}  // namespace etude
