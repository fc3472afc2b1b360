// framework/wrappers/average.hpp - a running mean of the weights, to evaluate at: ema, swa, polyak_average.
#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "base/aligned.hpp"
#include "base/isa.hpp"
#include "base/value.hpp"
#include "plugin/bound.hpp"

namespace etude {

/// a <- a + share (w - a), where the share follows from the method; the first weights are taken as they are.
/// The mean is kept in double: in float, steps of (1 - decay) (w - a) below half a unit in the last place of a would be lost.
class Average {
  public:
    /// `method`: one of the three kinds, resolved. Throws nothing; allocates here only.
    Average(const Component& method, std::size_t weight_count, const RunLength& length, Isa isa);
    /// After `update` (counted from 0).
    void take(std::uint64_t update, std::span<const float> weights);
    bool has_begun() const { return taken_ > 0; }
    void write(std::span<float> point) const;
    void exchange(Archive& archive) {
        archive.item(taken_);
        archive.items(mean_.span());
    }

  private:
    double share() const;
    bool is_due(std::uint64_t done) const;

    enum class Method { ema, swa, polyak } method_;
    enum class Warmup { none, count, power } warmup_ = Warmup::none;
    double decay_ = 0, gamma_ = 1, power_ = 0;
    std::uint64_t first_, every_;
    RunLength length_;
    std::optional<double> epochs_;  ///< `every`, where epochs differ in length and it counts those
    std::uint64_t taken_ = 0;
    Isa isa_;
    AlignedBuffer<double> mean_;
};

/// Updates after which the first weights are taken, at least 1.
std::uint64_t first_average(const Component& method, const RunLength& length);

}  // namespace etude
