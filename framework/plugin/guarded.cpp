#include "plugin/guarded.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace etude {
namespace {

// A plain number of the weights' size: an update of it is seen. A NaN would keep its bits through arithmetic.
constexpr float brick = 0.7310586f;
// A NaN of its own: arithmetic makes others.
constexpr std::uint32_t spoilt = 0x7fd0beefu;

bool is_brick(float f) { return std::bit_cast<std::uint32_t>(f) == std::bit_cast<std::uint32_t>(brick); }

}  // namespace

GuardedFloats::GuardedFloats(std::size_t size) : size_(size), memory_(size + 2 * wall) {
    for (std::size_t i = 0; i < wall; ++i) memory_[i] = memory_[wall + size_ + i] = brick;
}

bool GuardedFloats::walls_stand() const {
    const std::span<const float> all = memory_.span();
    return std::ranges::all_of(all.first(wall), is_brick) && std::ranges::all_of(all.last(wall), is_brick);
}

void GuardedFloats::spoil() { std::ranges::fill(span(), std::bit_cast<float>(spoilt)); }

bool GuardedFloats::has_spoilt() const {
    return std::ranges::any_of(memory_.span().subspan(wall, size_), [](float f) { return std::bit_cast<std::uint32_t>(f) == spoilt; });
}

}  // namespace etude
