// framework/plugin/guarded.hpp - floats with a wall on either side that nothing may write to.
#pragma once
#include <cstddef>
#include <span>

#include "base/aligned.hpp"

namespace etude {

class GuardedFloats {
  public:
    explicit GuardedFloats(std::size_t size);
    float* data() { return memory_.data() + wall; }
    std::span<float> span() { return {data(), size_}; }
    bool walls_stand() const;
    /// Makes every element a number that nobody else makes; has_spoilt() finds those that were not written since.
    void spoil();
    bool has_spoilt() const;

  private:
    static constexpr std::size_t wall = 32;  // floats: two cache lines, so that data() is aligned too
    std::size_t size_;
    AlignedBuffer<float> memory_;
};

}  // namespace etude
