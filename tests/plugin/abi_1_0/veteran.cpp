// An optimizer as the plugin ABI of minor 0 knew them: slots, state, parameters, an evaluation point. veteran.so beside it was built from this
// file when that was the newest minor, and is never built again: README.md says how it was made.
#include <etude/plugin.hpp>

/// v <- momentum v + g        w <- w - lr v        the point to evaluate at is w + lookahead v
struct Veteran {
    double momentum = 0.9, lookahead_by = 0.0;

    struct State { double updates = 0; };

    static constexpr auto name = "veteran";
    static constexpr auto summary = "Gradient descent with a velocity, built for plugin ABI 1.0.";
    static constexpr auto source = "";
    static constexpr double lr = 0.1;
    static constexpr auto slots = etude::names("velocity");
    static constexpr bool elementwise = true;
    static constexpr auto params() {
        return std::tuple{etude::param("momentum", &Veteran::momentum, etude::right_open(0, 1), "Share of the velocity that is kept."),
                          etude::param("lookahead_by", &Veteran::lookahead_by, etude::closed(-1, 1), "How far ahead to evaluate.")};
    }
    static constexpr auto presets() { return std::tuple{etude::preset("plain", Veteran{.momentum = 0}, "Without a velocity.").lr(0.5)}; }
    static constexpr auto state() { return std::tuple{etude::scalar("updates", &State::updates)}; }

    void step(const etude::Step& s, State& state) const {
        const float keep = float(momentum), rate = float(s.lr);
        state.updates += 1;
        s.each([=](float& w, float g, float& v) {
            v = keep * v + g;
            w -= rate * v;
        });
    }
    void evaluation_point(const etude::Step& s, float* point) const {
        const float by = float(lookahead_by);
        for (std::size_t i = 0; i < s.n; ++i) point[i] = s.weights[i] + by * s.slots[0][i];
    }
};
ETUDE_PLUGIN(Veteran)
