#include <etude/plugin.hpp>

/// lr = base / (1 + k x / every),   x / every whole with `staircase`
///
/// Where implementations differ: Keras 2's `SGD(decay=d)` is this with k = d, per update; Keras 3 ignores `decay` with a warning and has
/// the schedule InverseTimeDecay. PyTorch's Adagrad has it as `lr_decay`.
struct InverseTime {
    double k = 0;
    etude::Length every = etude::ticks(1);
    bool staircase = false;

    static constexpr auto name = "inverse_time";
    static constexpr auto summary = "The rate over one plus k times the time passed.";
    static constexpr auto source = "Keras 2 `decay` of every optimizer; Keras 3 InverseTimeDecay";
    static constexpr auto params() {
        return std::tuple{etude::param("k", &InverseTime::k, etude::right_open(0, etude::infinity), "Decay in one `every`; 0 is none.").required(),
                          etude::param("every", &InverseTime::every, etude::open(0, etude::infinity), "The time that k is for."),
                          etude::param("staircase", &InverseTime::staircase, "Change at the end of each `every` only.")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("keras2", InverseTime{}, "What `decay` did: k per update.").unit(etude::Unit::update)};
    }
    double factor(const etude::Clock& clock) const {
        return 1.0 / (1.0 + k * (staircase ? clock.whole_periods(every) : clock.periods(every)));
    }
};
ETUDE_PLUGIN(InverseTime)
