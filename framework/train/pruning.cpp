#include "train/pruning.hpp"

#include <array>

#include "base/text.hpp"

namespace etude {
namespace {

Parameter first_rung() { return integer("min_epochs", 1, closed(1, 1e6), "Epochs before the first decision."); }
Parameter reduction() { return integer("eta", 3, closed(2, 100), "One configuration in eta goes on, with eta times the epochs."); }

}  // namespace

std::span<const Kind> pruning_kinds() {
    static const std::array<Kind, 4> kinds{
        Kind{"median", "Ends a configuration whose best value so far is worse than the median of the running means of all.",
             "Golovin et al. 2017, \"Google Vizier\", KDD, section 3.2.2; decided for all at once, every few epochs",
             {first_rung(), integer("every", 1, closed(1, 1e6), "Epochs from one decision to the next.")}},
        Kind{"halving", "Successive halving: of the configurations at a rung the best one in eta goes on.",
             "Karnin, Koren & Somekh 2013; Jamieson & Talwalkar 2016, arXiv:1502.07943", {reduction(), first_rung()}},
        Kind{"hyperband", "Brackets of successive halving that begin with few configurations late to many early.",
             "Li et al. 2018, JMLR 18(185), arXiv:1603.06560",
             {reduction(), first_rung(), integer("seed", 0, closed(0, 9007199254740992.0), "Deals the configurations out to the brackets.")}},
        Kind{"until_decided", "Ends a configuration, seed by seed, once it is significantly worse than the best so far.",
             "a race, Maron & Moore 1994, by Student's paired t; level shared out over looks and rivals (Bonferroni)",
             {real("alpha", 0.05, open(0, 0.5), "How probable it may be at most that the best configuration is ended."),
              integer("min_seeds", 3, closed(2, 1e6), "Seeds before the first decision.")}}};
    return kinds;
}

const std::string& pruning_name(Pruning::Rule rule) { return pruning_kinds()[static_cast<std::size_t>(rule)].name; }

Pruning pruning_of(Pruning::Rule rule, const Values& values) {
    Pruning pruning{.rule = rule};
    const auto take = [&](const char* name, std::uint64_t& member) {
        if (values.has(name)) member = static_cast<std::uint64_t>(values.integer(name));
    };
    take("min_epochs", pruning.min_epochs);
    take("every", pruning.every);
    take("eta", pruning.eta);
    take("seed", pruning.seed);
    take("min_seeds", pruning.min_seeds);
    if (values.has("alpha")) pruning.alpha = values.real("alpha");
    return pruning;
}

std::string pruning_text(const Pruning& pruning) {
    const std::string first = "from epoch " + std::to_string(pruning.min_epochs);
    const std::string eta = "eta " + std::to_string(pruning.eta);
    switch (pruning.rule) {
        case Pruning::Rule::median:
            return "the median rule (" + first + ", every " + (pruning.every == 1 ? "epoch" : std::to_string(pruning.every) + " epochs") + ")";
        case Pruning::Rule::halving:
            return "successive halving (" + eta + ", " + first + ")";
        case Pruning::Rule::hyperband:
            return "hyperband (" + eta + ", " + first + ")";
        case Pruning::Rule::until_decided:
            return "a sequential test over seeds (alpha " + number(pruning.alpha) + ", from " + std::to_string(pruning.min_seeds) + " seeds)";
    }
    return "";
}

}  // namespace etude
