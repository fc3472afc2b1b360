#include <etude/plugin.hpp>

#include <cmath>
#include <numbers>
#include <stdexcept>

/// lr = floor + (peak - floor) (1 + cos(pi q)) / 2   in cycle i, which lasts T_i = first t_mult^i and began at first (1 + ... + t_mult^(i-1))
///   peak = base m_mult^i,  or  end + (base - end) m_mult^i  with m_mult_of: height
///   floor = end,           or  end m_mult^i                 with floor_of: cycle
/// A cycle begins with `cycle_warmup`, straight up from the floor to the peak (one tick in, but for ends: half_open); q counts from there.
/// After `cycles` of them the rate stays at the last floor. `ends` is that of each cycle: closed reaches the floor on a cycle's last tick,
/// half_open never does (a cycle of two ticks is 1, .5).
///
/// Where implementations differ: all are half-open. PyTorch has whole t_mult only and no m_mult, and with step(epoch), like timm, takes the
/// cycle from a logarithm: with t_mult 3 the fifth restart comes one step late. Here cycles are added up. Keras' t_mult is 2 and its m_mult
/// scales the height above the floor. PyTorch and Keras go on forever; timm stops at the floor after `cycle_limit` (1). transformers and
/// fastai fix the number of cycles: first: {fraction: 1/n}. fastai's cycle_mult 1 divides by zero; t_mult 1 does not.
struct CosineRestarts {
    enum class FloorOf { base, cycle };
    enum class MultOf { peak, height };
    static constexpr auto floor_words = etude::names("base", "cycle");
    static constexpr auto mult_words = etude::names("peak", "height");

    double end = 0;
    etude::Length first = etude::ticks(1);
    double t_mult = 1, m_mult = 1;
    std::int64_t cycles = 0;
    etude::Length cycle_warmup = etude::ticks(0);
    FloorOf floor_of = FloorOf::base;
    MultOf m_mult_of = MultOf::peak;

    static constexpr auto name = "cosine_restarts";
    static constexpr auto summary = "Half a cosine again and again, each one longer or lower than the last (SGDR).";
    static constexpr auto source = "Loshchilov & Hutter 2017, arXiv:1608.03983, eq. 5";
    static constexpr auto params() {
        using etude::open, etude::right_open, etude::infinity;
        return std::tuple{
            etude::rate("end", &CosineRestarts::end, "Rate at the end of each cycle."),
            etude::param("first", &CosineRestarts::first, open(0, infinity), "The first cycle.").required(),
            etude::param("t_mult", &CosineRestarts::t_mult, right_open(1, infinity), "How many times as long as the last one each cycle is."),
            etude::param("m_mult", &CosineRestarts::m_mult, etude::left_open(0, 1),
                         "The rate each cycle begins at, as a multiple of the last one's."),
            etude::param("cycles", &CosineRestarts::cycles, right_open(0, infinity), "How many; 0 is no end of them."),
            etude::param("cycle_warmup", &CosineRestarts::cycle_warmup, right_open(0, infinity),
                         "First part of each cycle, in which the rate rises; shorter than first."),
            etude::param("floor_of", &CosineRestarts::floor_of, floor_words,
                         "base: end as it stands; cycle: end times the same m_mults as the peak."),
            etude::param("m_mult_of", &CosineRestarts::m_mult_of, mult_words,
                         "peak: m_mult scales the rate; height: what it has above end, as in Keras.")};
    }
    static constexpr auto presets() {
        using etude::Ends;
        return std::tuple{etude::preset("pytorch", CosineRestarts{}, "CosineAnnealingWarmRestarts").ends(Ends::half_open),
                          etude::preset("keras", CosineRestarts{.t_mult = 2, .m_mult_of = MultOf::height}, "CosineDecayRestarts")
                              .ends(Ends::half_open),
                          etude::preset("timm", CosineRestarts{.cycles = 1}, "CosineLRScheduler with its cycle_limit").ends(Ends::half_open)};
    }
    void check() const {
        if (cycle_warmup.amount >= first.amount) throw std::invalid_argument("cycle_warmup is not shorter than first");
    }
    double factor(const etude::Clock& clock) const {
        Cycle cycle = cycle_at(clock);
        const bool is_over = cycles > 0 && cycle.index >= static_cast<double>(cycles);
        if (is_over) cycle.index = static_cast<double>(cycles - 1);
        const double scale = m_mult == 1.0 ? 1.0 : std::pow(m_mult, cycle.index), low = end / clock.base_lr;
        const double floor = floor_of == FloorOf::base ? low : low * scale;
        const double peak = m_mult_of == MultOf::peak ? scale : low + (1.0 - low) * scale;
        return is_over ? floor : floor + (peak - floor) * height(clock, cycle);
    }

  private:
    struct Cycle { double index = 0, start = 0, length = 1; };  // start and length in multiples of `first`

    /// n cycles take sum(n) = 1 + t_mult + ... + t_mult^(n-1) times `first`, and sum(2n) = sum(n) (1 + t_mult^n): doubled until it lies
    /// beyond x, then put together from the largest power of two down. Whole numbers stay whole, and no cycle count makes it slow.
    Cycle cycle_at(const etude::Clock& clock) const {
        constexpr int most = 62;
        double sum[most], power[most];
        sum[0] = 1.0;
        power[0] = t_mult;
        int k = 0;
        for (; k + 1 < most && clock.reached(etude::ticks(first.amount * sum[k])); ++k) {
            sum[k + 1] = sum[k] * (1.0 + power[k]);
            power[k + 1] = power[k] * power[k];
        }
        Cycle cycle;
        while (--k >= 0) {
            const double start = cycle.start + cycle.length * sum[k];
            if (!clock.reached(etude::ticks(first.amount * start))) continue;
            cycle = {cycle.index + std::ldexp(1.0, k), start, cycle.length * power[k]};
        }
        return cycle;
    }
    /// Between the floor, 0, and the peak, 1.
    double height(const etude::Clock& clock, const Cycle& cycle) const {
        const double start = first.amount * cycle.start, rises = cycle_warmup.amount;
        const double risen = clock.x - start + (clock.ends == ETUDE_HALF_OPEN ? 0.0 : clock.tick);
        if (!clock.reached(etude::ticks(start + rises))) return std::fmin(1.0, risen / rises);
        const double q = clock.position(etude::ticks(first.amount * cycle.length - rises), start + rises);
        return (1.0 + std::cos(std::numbers::pi * q)) / 2.0;
    }
};
ETUDE_PLUGIN(CosineRestarts)
