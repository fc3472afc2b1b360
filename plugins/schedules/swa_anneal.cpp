#include <etude/plugin.hpp>

/// lr = base + (swa_lr - base) a(q),   a = (1 - cos(pi q)) / 2 or q,   q the position in `anneal`; swa_lr from then on
///
/// The rate of stochastic weight averaging: anneal to a constant one that keeps exploring, and average there. To begin it late, put another
/// schedule before it in a `sequence`.
/// Where implementations differ: PyTorch's SWALR counts in epochs (its default of 10 too), is half-open, and begins at whatever the rate
/// then is, which it recovers from its own last value: any change from outside corrupts it. Here it begins at the base.
struct SwaAnneal {
    double swa_lr = 0;
    etude::Length anneal = etude::epochs(10);
    etude::Anneal shape = etude::Anneal::cos;

    static constexpr auto name = "swa_anneal";
    static constexpr auto summary = "From the base rate to the constant one of weight averaging.";
    static constexpr auto source = "Izmailov et al. 2018, arXiv:1803.05407; PyTorch SWALR";
    static constexpr auto params() {
        return std::tuple{etude::rate("swa_lr", &SwaAnneal::swa_lr, "Rate while weights are averaged.").required(),
                          etude::param("anneal", &SwaAnneal::anneal, etude::right_open(0, etude::infinity), "The way there; 0 is at once.").span(),
                          etude::param("shape", &SwaAnneal::shape, etude::anneal_names, "Half a cosine, or a line.")};
    }
    static constexpr auto presets() {
        return std::tuple{etude::preset("pytorch", SwaAnneal{}, "SWALR").unit(etude::Unit::epoch).ends(etude::Ends::half_open)};
    }
    double factor(const etude::Clock& clock) const { return etude::between(shape, 1.0, swa_lr / clock.base_lr, clock.position(anneal)); }
};
ETUDE_PLUGIN(SwaAnneal)
