// framework/report/answer.hpp - what a study found, in sentences made from its numbers.
#pragma once
#include <string>
#include <vector>

#include "report/analysis.hpp"

namespace etude {

/// Of more axes of rates than these a table says what sentences say of few.
inline constexpr std::size_t most_told_rates = 4;

/// One sentence or two a line.
struct Answer {
    std::vector<std::string> sentences;  ///< what is best, what differs significantly, what to run next, on what the choice was made
    std::vector<std::string> details;    ///< of the rates: basin, sensitivity, stability (of few axes), regret; of the target
};

/// "lr = 0.1 is best: final test accuracy 0.8132 (95 % interval 0.806 to 0.8204, n = 10)." and so on. Nothing is called significant that a test of
/// the analysis does not call so.
Answer answer_of(const Results& results, const Analysis& analysis);

/// What a reader must know before trusting the numbers: the plan's warnings, trials missing, failed or diverged, mixed provenance, a best value
/// at the edge of its grid with the rates to add.
std::vector<std::string> warnings_of(const Results& results, const Analysis& analysis);

}  // namespace etude
