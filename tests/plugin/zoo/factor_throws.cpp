#include <etude/plugin.hpp>
#include <stdexcept>

struct FactorThrows {
    static constexpr auto name = "factor_throws";
    static constexpr auto summary = "Broken on purpose.";
    static constexpr auto source = "";
    static constexpr auto params() { return std::tuple{}; }
    double factor(const etude::Clock& clock) const {
        if (clock.update == 5) throw std::domain_error("the logarithm of -1");
        return 1;
    }
};
ETUDE_PLUGIN(FactorThrows)
