#include "store/runs.hpp"

#include <cstddef>

namespace etude {

std::vector<std::uint8_t> to_runs(const std::vector<std::uint8_t>& classes) {
    std::vector<std::uint8_t> runs;
    for (const std::uint8_t label : classes) {
        if (!runs.empty() && runs[runs.size() - 2] == label && runs.back() < 255) ++runs.back();
        else runs.insert(runs.end(), {label, 0});
    }
    return runs;
}

std::vector<std::uint8_t> from_runs(const std::vector<std::uint8_t>& runs) {
    std::vector<std::uint8_t> classes;
    for (std::size_t i = 0; i + 1 < runs.size(); i += 2) classes.insert(classes.end(), std::size_t{runs[i + 1]} + 1, runs[i]);
    return classes;
}

}  // namespace etude
