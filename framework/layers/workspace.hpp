// framework/layers/workspace.hpp - memory of what only a neighbour reads: derivatives, and in evaluation the activations too. What is dead is lent
// again, so that a deep network needs little more of it than its largest layer.
//
// In a chain of layers the buffers alternate between two slots: a layer reads the one and writes the other, and what lay there before is dead. Chains
// inside a residual layer have slots of their own, shared by all residual layers of one list, since one is done before the next begins.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "base/aligned.hpp"

namespace etude {

/// A list of layers in the nest of lists: the network's own, or one inside a residual layer.
class ListPlace {
  public:
    ListPlace() = default;  ///< the network's own list
    ListPlace body() const { return ListPlace(3 * number_); }
    ListPlace shortcut() const { return ListPlace(3 * number_ + 1); }
    ListPlace shortcut_input() const { return ListPlace(3 * number_ + 2); }
    std::uint64_t slot(bool odd) const { return 2 * number_ + (odd ? 1 : 0); }

  private:
    explicit ListPlace(std::uint64_t number) : number_(number) {}
    std::uint64_t number_ = 1;
};

class Workspace {
  public:
    /// At least `floats` numbers; all who ask for one slot may get the same.
    float* lend(std::uint64_t slot, std::size_t floats);
    std::size_t floats() const;  ///< of all slots

  private:
    std::map<std::uint64_t, std::vector<AlignedBuffer<float>>> slots_;
};

}  // namespace etude
