#include "plugin/spec.hpp"

#include <array>

namespace etude {

std::span<const std::string> words_of(ScheduleUnit) {
    static const std::array<std::string, 4> words{"update", "epoch", "epoch_frac", "fraction"};
    return words;
}
std::span<const std::string> words_of(Ends) {
    static const std::array<std::string, 3> words{"closed", "half_open", "shifted"};
    return words;
}
std::span<const std::string> words_of(After) {
    static const std::array<std::string, 5> words{"hold", "zero", "error", "repeat", "extrapolate"};
    return words;
}
std::span<const std::string> words_of(WarmupShape) {
    static const std::array<std::string, 4> words{"linear", "constant", "cosine", "exponential"};
    return words;
}
std::span<const std::string> words_of(WarmupMode) {
    static const std::array<std::string, 3> words{"prefix", "overlay", "product"};
    return words;
}
std::span<const std::string> words_of(Combination) {
    static const std::array<std::string, 6> words{"none", "sequence", "switch_when", "product", "min_of", "max_of"};
    return words;
}

}  // namespace etude
