#include "layers/workspace.hpp"

#include <algorithm>
#include <limits>

namespace etude {

float* Workspace::lend(std::uint64_t slot, std::size_t floats) {
    auto& buffers = slots_[slot];
    const auto enough = std::ranges::find_if(buffers, [&](const auto& buffer) { return buffer.size() >= floats; });
    if (enough != buffers.end()) return enough->data();
    auto& buffer = buffers.emplace_back(floats);
#ifndef NDEBUG
    std::ranges::fill(buffer.span(), std::numeric_limits<float>::quiet_NaN());  // whoever reads what nobody wrote shall notice
#endif
    return buffer.data();
}

std::size_t Workspace::floats() const {
    std::size_t sum = 0;
    for (const auto& [slot, buffers] : slots_)
        for (const auto& buffer : buffers) sum += buffer.size();
    return sum;
}

}  // namespace etude
