// framework/report/figures.hpp - which figures a study gets, as values; report/plot.hpp draws them.
#pragma once
#include <vector>

#include "report/findings.hpp"
#include "report/plot.hpp"

namespace etude {

/// Configurations that get a panel, in order: all of the plan; of more than 24, the 12 best and the 12 worst.
struct Shown {
    std::vector<std::size_t> configurations;
    std::string note;  ///< empty, or ": the best and worst 12 of 80" for a title
};
Shown shown_configurations(const Results& results);
/// "lr = 0.1", with "(2 of 10 diverged)" where some did.
std::string panel_title(const Results& results, std::size_t configuration);

/// One figure for each kind of metric (loss, accuracy, rmse): training, validation and test over the epochs, a panel for each configuration.
std::vector<Figure> curve_figures(const Results& results);
/// The rate over time in panels of the same order, and all together where the schedules differ.
std::vector<Figure> rate_figures(const Results& results);
/// The score against every swept number, and in a row of configurations where something else is swept.
std::vector<Figure> score_figures(const Results& results);
/// The score over every two of the first four swept columns that are crossed; none where nothing is.
std::vector<Figure> heat_map_figures(const Results& results);
/// The regions that the best and the worst configuration choose, over the data; none when the network has not two inputs.
std::vector<Figure> decision_figures(const Results& results);
/// Slices of the training loss around the trained weights; none where no trial recorded one.
std::vector<Figure> landscape_figures(const Results& results);

/// Performance profiles of the epochs to the target; none without a target that some configuration meets.
std::vector<Figure> profile_figures(const Results& results, const Analysis& analysis);
/// What each shape loses with each other's best rate, as a grid of cells; none where fewer than two shapes share an axis of rates or nothing is lost.
std::vector<Figure> regret_figures(const Results& results, const Analysis& analysis);

/// All of these, in the order of the page: scores, heat maps, regrets, profiles, curves, rates, landscapes, decisions.
std::vector<Figure> study_figures(const Results& results, const Analysis& analysis);
/// Those of a study, or of range tests.
std::vector<Figure> figures_of(const Findings& findings);

}  // namespace etude
