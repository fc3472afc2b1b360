#include <etude/plugin.hpp>

#include <algorithm>
#include <cmath>

/// lr = base + (max - base) s phi,   s the triangle that rises for `up` and falls for `down`, c = 0, 1, ... the number of cycles passed
///   triangular  phi = 1      triangular2  phi = 2^-c      exp_range  phi = gamma^x
///
/// The wave has its corners at exact ticks (the peak at x = up), so `ends` does not move them; shifted begins one tick in.
/// Where implementations differ: PyTorch's CyclicLR and the paper's author's code are this. PyTorch's text says that gamma counts the
/// iterations of a cycle; its code counts those of the run, so the first peak is already lower; so does this. It cycles the momentum too
/// unless told not to: schedule optimizer.momentum for that. A `max` below the base turns the wave upside down, which a momentum wants.
struct Cyclic {
    enum class Mode { triangular, triangular2, exp_range };
    static constexpr auto modes = etude::names("triangular", "triangular2", "exp_range");

    double max = 0;
    etude::Length up = etude::updates(2000), down = etude::ticks(1);
    Mode mode = Mode::triangular;
    double gamma = 1;

    static constexpr auto name = "cyclic";
    static constexpr auto summary = "Up to `max` in a line and back to the base, again and again.";
    static constexpr auto source = "Smith 2017, arXiv:1506.01186, sec. 3.1; PyTorch CyclicLR";
    static constexpr auto params() {
        using etude::open, etude::infinity;
        return std::tuple{etude::rate("max", &Cyclic::max, "Rate at the peak of the first cycle.").required(),
                          etude::param("up", &Cyclic::up, open(0, infinity), "Time from the base to the peak."),
                          etude::param("down", &Cyclic::down, open(0, infinity), "Time from the peak to the base.").times("up"),
                          etude::param("mode", &Cyclic::mode, modes, "Height of the peaks: all alike, halved each time, or gamma^x."),
                          etude::param("gamma", &Cyclic::gamma, etude::left_open(0, 1), "For exp_range: multiplies the height at every tick.")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("pytorch", Cyclic{}, "CyclicLR without its momentum cycle").ends(etude::Ends::half_open)};
    }
    double factor(const etude::Clock& clock) const {
        etude::Clock now = clock;
        if (clock.ends == ETUDE_SHIFTED) now.x += clock.tick;
        const double period = up.amount + down.amount, cycle = now.whole_periods(etude::ticks(period));
        const double passed = std::max(0.0, now.x - cycle * period);
        const double s = passed <= up.amount ? passed / up.amount : (period - passed) / down.amount;
        return 1.0 + (max / clock.base_lr - 1.0) * s * height(now.x, cycle);
    }

  private:
    double height(double x, double cycle) const {
        switch (mode) {
            case Mode::triangular: return 1.0;
            case Mode::triangular2: return std::exp2(-cycle);
            case Mode::exp_range: return std::pow(gamma, x);
        }
        return 1.0;
    }
};
ETUDE_PLUGIN(Cyclic)
