// framework/data/numpy_random.hpp - the numbers of NumPy's numpy.random.RandomState, bit for bit.
//
// Only for data sets that other tools make with it (scikit-learn's make_blobs, tutorials). Everything else uses base/random.hpp.
// MT19937: Matsumoto & Nishimura 1998, "Mersenne twister: a 623-dimensionally equidistributed uniform pseudorandom number generator".
// Normals: the polar method (Marsaglia & Bray 1964), whose second value is kept for the next call.
#pragma once
#include <array>
#include <cstdint>
#include <span>

namespace etude {

class NumpyRandom {
  public:
    /// As numpy.random.RandomState(seed) and numpy.random.seed(seed).
    explicit NumpyRandom(std::uint32_t seed);

    std::uint32_t bits();
    double uniform();                                                   ///< in [0, 1), 53 bits: rand, random_sample
    double uniform(double lo, double hi) { return lo + (hi - lo) * uniform(); }
    double normal();                                                    ///< mean 0, variance 1: randn
    double normal(double mean, double deviation) { return mean + deviation * normal(); }
    std::uint32_t up_to(std::uint32_t last);                            ///< in [0, last], by masking and rejection
    void shuffle(std::span<std::uint32_t> values);

  private:
    static constexpr std::size_t length = 624;
    void refill();

    std::array<std::uint32_t, length> state_;
    std::size_t used_ = length;
    double spare_ = 0;
    bool has_spare_ = false;
};

}  // namespace etude
