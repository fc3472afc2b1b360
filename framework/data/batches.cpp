#include "data/batches.hpp"

#include <algorithm>
#include <string>

#include "base/error.hpp"
#include "base/random.hpp"

namespace etude {

Batches::Batches(const Part& part, std::size_t batch, bool drop_last, std::uint64_t seed)
    : part_(part), batch_(batch), drop_last_(drop_last), seed_(seed), order_(part.count()) {
    ETUDE_ASSERT(batch > 0, "a batch of no samples");
    begin_epoch(0);
}

std::size_t batches_in(std::size_t samples, std::size_t batch, bool drop_last) { return drop_last ? samples / batch : (samples + batch - 1) / batch; }

std::size_t Batches::per_epoch() const { return batches_in(part_.count(), batch_, drop_last_); }

std::size_t Batches::samples_per_epoch() const { return drop_last_ ? per_epoch() * batch_ : part_.count(); }

void Batches::begin_epoch(std::uint64_t epoch) { Rng(seed_, "shuffle", epoch).permutation(order_); }

void Batches::begin_epoch(std::uint64_t epoch, std::size_t batch) {
    ETUDE_ASSERT(batch > 0, "a batch of no samples");
    batch_ = batch;
    begin_epoch(epoch);
}

std::span<const std::uint32_t> Batches::rows(std::size_t i) const {
    const std::size_t begin = i * batch_;
    ETUDE_ASSERT(i < per_epoch(), "batch " + std::to_string(i) + " of " + std::to_string(per_epoch()));
    return std::span<const std::uint32_t>(order_).subspan(begin, std::min(batch_, order_.size() - begin));
}

}  // namespace etude
