// framework/base/random.hpp - random numbers as a pure function of (seed, purpose, a, b, position).
//
// Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", SC'11). A stream is keyed by the run's seed
// and a purpose ("shuffle", "init", "dropout") with up to two numbers (epoch, tensor). Streams never depend on which
// trial, thread or configuration asks, so two optimizers with one seed see the same weights and batches.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace etude {

/// One block of Philox4x32-10: a bijection of counters for every key.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

class Rng {
  public:
    Rng(std::uint64_t seed, std::string_view purpose, std::uint64_t a = 0, std::uint64_t b = 0);

    std::uint32_t bits();                        ///< 32 uniform bits
    double uniform();                            ///< in [0, 1), 53 bits
    double uniform(double lo, double hi) { return lo + (hi - lo) * uniform(); }
    std::uint32_t below(std::uint32_t bound);    ///< in [0, bound), unbiased (Lemire 2019)
    double normal();                             ///< mean 0, variance 1 (Box and Muller 1958)

    /// Writes a uniformly random order of 0..order.size()-1 (Fisher and Yates).
    void permutation(std::span<std::uint32_t> order);

  private:
    void refill();

    std::array<std::uint32_t, 2> key_;
    std::array<std::uint32_t, 4> counter_{};
    std::array<std::uint32_t, 4> block_{};
    unsigned used_ = 4;
    double spare_ = 0;
    bool has_spare_ = false;
};

}  // namespace etude
