// framework/report/several.hpp - several studies beside each other: one table, one figure, and tests between the best of each.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "report/findings.hpp"
#include "report/plot.hpp"

namespace etude {

/// The best of one study against the best of all: reference minus other, in the score's unit.
struct BestAgainst {
    std::size_t other = 0;                 ///< place in Several::studies
    std::size_t pairs = 0;                 ///< seeds that both have, where data, model, loss and training are the same; 0: the test is unpaired
    bool by_ranks = false;                 ///< signed ranks or rank sums decide, else Student's or Welch's t; by counts alone, as within a study
    std::optional<double> difference;
    std::optional<Interval95> interval;    ///< Student's or Welch's
    std::optional<double> p;               ///< Holm-adjusted; empty for fewer than two scores
    bool significant = false, better = false;
};

struct Several {
    struct Entry {
        std::string name;                  ///< the study's, or its folder where two have one name
        Findings findings;
    };
    std::vector<Entry> studies;            ///< as given
    std::optional<std::size_t> reference;  ///< whose best is best of all; empty when nothing is done
    std::vector<BestAgainst> comparisons;
};
/// Throws Error for range tests, for studies that rank by different metrics, and for fewer than two folders.
Several compare_studies(const std::vector<std::filesystem::path>& folders);

/// What was found, in sentences.
std::vector<std::string> several_answer(const Several& several);
/// study, the swept columns of all, n, mean, std, sem, ci_low, ci_high, diverged, rank (within the study): a row a configuration.
std::string several_csv(const Several& several);
/// Heading and a row a configuration, the best of all first.
std::vector<std::vector<std::string>> several_rows(const Several& several);
/// Scores with intervals, a colour a study: over the one number that all sweep, else configuration by configuration.
Figure several_figure(const Several& several);
std::string several_html(const Several& several, const Figure& figure, const std::string& svg);

}  // namespace etude
