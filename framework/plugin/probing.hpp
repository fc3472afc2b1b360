// framework/plugin/probing.hpp - asks an optimizer at which weights it wants to know the loss before a step, and tells it.
#pragma once
#include <cstddef>
#include <vector>

#include "base/aligned.hpp"
#include "plugin/batch_loss.hpp"
#include "plugin/guarded.hpp"
#include "sdk/abi.h"

namespace etude {

class Prober {
  public:
    /// Allocates nothing for an optimizer without `probe`.
    Prober(const etude_optimizer& functions, std::size_t weight_count);
    /// Before each step, with a frame over all weights; `frame` then has the answers. False when the plugin reports an error. Allocates nothing.
    bool run(const void* self, etude_step& frame, BatchLoss& surface, etude_error& error);

    GuardedFloats& point() { return point_; }  ///< where it asks; for checks
    const GuardedFloats& point() const { return point_; }

  private:
    int (*probe_)(const void*, const etude_step*, float*, etude_error*);
    std::uint32_t max_probes_;
    std::vector<double> losses_;
    GuardedFloats point_;
    AlignedBuffer<float> gradients_;  // none where the loss alone is wanted
};

}  // namespace etude
