#include <etude/plugin.hpp>
#include <stdexcept>

/// lr = base  prod over milestones m_k <= x of gamma_k:   the rate drops at x = m_k
///
/// Where implementations differ: PyTorch's MultiStepLR and MXNet's MultiFactorScheduler drop where this does, timm one tick earlier.
/// PyTorch takes a milestone given twice as two drops at once; here milestones increase, and a list of gammas says the same.
struct MultiStep {
    static constexpr double tenth[] = {0.1};
    std::span<const etude::Length> milestones = {};
    std::span<const double> gamma = tenth;

    static constexpr auto name = "multi_step";
    static constexpr auto summary = "The rate times `gamma` at every milestone.";
    static constexpr auto source = "PyTorch MultiStepLR; MXNet MultiFactorScheduler";
    static constexpr auto params() {
        return std::tuple{
            etude::param("milestones", &MultiStep::milestones, etude::right_open(0, etude::infinity), "Where the rate drops.")
                .increasing().required(),
            etude::param("gamma", &MultiStep::gamma, etude::open(0, etude::infinity),
                         "Multiplies the rate: one for all milestones, or one for each.")};
    }
    void check() const {
        if (milestones.empty()) throw std::invalid_argument("milestones is empty");
        if (gamma.size() != 1 && gamma.size() != milestones.size())
            throw std::invalid_argument("gamma needs one value, or one for each of the milestones");
    }
    double factor(const etude::Clock& clock) const {
        double product = 1.0;
        for (std::size_t k = 0; k < milestones.size() && clock.reached(milestones[k]); ++k) product *= gamma.size() == 1 ? gamma[0] : gamma[k];
        return product;
    }
};
ETUDE_PLUGIN(MultiStep)
