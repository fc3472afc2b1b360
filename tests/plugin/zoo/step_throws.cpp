#include <etude/plugin.hpp>
#include <stdexcept>

struct StepThrows {
    static constexpr auto name = "step_throws";
    static constexpr auto summary = "Broken on purpose.";
    static constexpr auto source = "";
    static constexpr auto params() { return std::tuple{}; }
    static constexpr auto slots = etude::names();
    static constexpr double lr = 0.1;
    void step(const etude::Step& s) const {
        if (s.index == 17) throw std::runtime_error("the matrix is singular");
    }
};
ETUDE_PLUGIN(StepThrows)
