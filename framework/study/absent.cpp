#include "study/absent.hpp"

#include <algorithm>
#include <span>

namespace etude {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view of_study[] = {"budget", "early_stop", "median", "halving", "hyperband"};
constexpr std::string_view of_schedule[] = {"seed"};
constexpr std::string_view of_axis[] = {"log_uniform", "uniform", "choice", "halton", "draws", "seed"};
constexpr std::string_view of_block[] = {"cases", "when", "draws", "parameters", "log_uniform", "uniform", "choice", "halton"};

Names absent_names(Section section) {
    switch (section) {
        case Section::study:
            return of_study;
        case Section::schedule:
            return of_schedule;
        case Section::axis:
            return of_axis;
        case Section::block:
            return of_block;
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
