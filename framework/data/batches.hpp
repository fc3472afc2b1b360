// framework/data/batches.hpp - the order in which samples are seen: keyed by (seed, "shuffle", epoch), never by trial or optimizer.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.hpp"

namespace etude {

/// Batches that an epoch over `samples` has.
std::size_t batches_in(std::size_t samples, std::size_t batch, bool drop_last);

/// Batches of one part, shuffled anew each epoch. The last, smaller batch is used unless drop_last. Allocates in the constructor only.
class Batches {
  public:
    Batches(const Part& part, std::size_t batch, bool drop_last, std::uint64_t seed);
    std::size_t per_epoch() const;                       ///< updates in an epoch
    std::size_t samples_per_epoch() const;               ///< samples seen in an epoch
    void begin_epoch(std::uint64_t epoch);
    /// With another size of its batches; the order of the samples is the same for any.
    void begin_epoch(std::uint64_t epoch, std::size_t batch);
    std::span<const std::uint32_t> rows(std::size_t i) const;  ///< of batch i of this epoch

  private:
    const Part& part_;
    std::size_t batch_;
    bool drop_last_;
    std::uint64_t seed_;
    std::vector<std::uint32_t> order_;
};

}  // namespace etude
