#include <etude/plugin.hpp>

#include <cmath>
#include <stdexcept>

/// lr = base (1 + xi),   a new xi at every tick of `range`:
///   normal   N(0, std^2), drawn again until |xi| < limit         uniform  evenly from (-limit, limit)
/// xi is a function of (seed of the run, tick, stream): the same run has the same noise, another seed another one.
///
/// A constant rate with noise; times another schedule it is that schedule with noise.
/// Where implementations differ: timm seeds by noise_seed + t and accepts a noise_std that it never uses; here `std` counts.
struct NoisyRate {
    enum class Kind { normal, uniform };
    static constexpr auto kinds = etude::names("normal", "uniform");

    std::span<const etude::Length> range = {};
    Kind kind = Kind::normal;
    double std = 1, limit = 0.67;
    std::int64_t stream = 0;

    static constexpr auto name = "noise";
    static constexpr auto summary = "The base rate with noise, a new one at every tick.";
    static constexpr auto source = "timm Scheduler (lr_noise)";
    static constexpr auto params() {
        using etude::open, etude::right_open, etude::infinity;
        return std::tuple{
            etude::param("range", &NoisyRate::range, right_open(0, infinity),
                         "Where the noise begins and, if two are given, where it ends; none is everywhere.")
                .increasing(),
            etude::param("kind", &NoisyRate::kind, kinds, "Distribution of the noise."),
            etude::param("std", &NoisyRate::std, open(0, infinity), "Of the normal noise before it is cut at limit, as a share of the rate."),
            etude::param("limit", &NoisyRate::limit, open(0, 1), "The rate changes by less than this share."),
            etude::param("stream", &NoisyRate::stream, etude::closed(0, 4294967295.0), "Tells several noises of one run apart.")};
    }
    void check() const {
        if (range.size() > 2) throw std::invalid_argument("range has more than two entries: its begin and its end");
    }
    double factor(const etude::Clock& clock) const {
        if (!range.empty() && !clock.reached(range[0])) return 1.0;
        if (range.size() == 2 && clock.reached(range[1])) return 1.0;
        const auto tick = static_cast<std::uint64_t>(std::llround(clock.x / clock.tick));
        const etude::Noise noise{clock.seed, tick, static_cast<std::uint32_t>(stream)};
        return 1.0 + (kind == Kind::uniform ? even(noise, 0) : normal(noise));
    }

  private:
    double even(const etude::Noise& noise, std::uint64_t place) const { return limit * (2.0 * noise.uniform(place) - 1.0); }

    /// Drawn from a normal where that mostly falls inside, else evenly and kept with the normal's density: at least two of three draws
    /// are good, so that the 64th is needed less than once in 1e30 runs.
    double normal(const etude::Noise& noise) const {
        for (std::uint64_t place = 0; place < 128; place += 2) {
            const bool is_wide = limit < std;
            const double xi = is_wide ? even(noise, place) : std * noise.normal(place);
            if (is_wide ? noise.uniform(place + 1) < std::exp(-xi * xi / (2.0 * std * std)) : std::abs(xi) < limit) return xi;
        }
        return 0.0;
    }
};
ETUDE_PLUGIN(NoisyRate)
