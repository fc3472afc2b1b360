#include <etude/plugin.hpp>
#include <stdexcept>

struct ObserveThrows {
    static constexpr auto name = "observe_throws";
    static constexpr auto summary = "Broken on purpose.";
    static constexpr auto source = "";
    static constexpr auto params() { return std::tuple{}; }
    struct State { double best = etude::infinity; };
    static constexpr auto state() { return std::tuple{etude::scalar("best", &State::best)}; }
    double factor(const etude::Clock&, const State&) const { return 1; }
    void observe(const etude::Report&, State&) const { throw std::runtime_error("no history yet"); }
};
ETUDE_PLUGIN(ObserveThrows)
