#include "study/absent.hpp"

#include <algorithm>
#include <span>

namespace etude {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view of_schedule[] = {"seed"};

Names absent_names(Section section) {
    switch (section) {
        case Section::schedule:
            return of_schedule;
        case Section::train:
        case Section::layer:
        case Section::loss:
        case Section::data:
            return {};
    }
    return {};
}

}  // namespace

bool is_absent(Section section, std::string_view name) {
    const auto names = absent_names(section);
    return std::ranges::find(names, name) != names.end();
}

std::string absent_message(const std::string& what) { return what + " is not there yet in this version"; }

}  // namespace etude
