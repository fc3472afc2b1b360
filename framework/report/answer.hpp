// framework/report/answer.hpp - what a study found, in sentences made from its numbers.
#pragma once
#include <string>
#include <vector>

#include "report/results.hpp"

namespace etude {

/// "lr = 0.1 is best: final test accuracy 0.8132, 95 % interval 0.806 to 0.8204 (n = 10)." and how the next one compares; a note when the choice
/// was made on the test set. One sentence a line.
std::vector<std::string> answer_of(const Results& results);

/// What a reader must know before trusting the numbers: the plan's warnings, trials missing, failed or diverged, mixed provenance, a best value
/// at the edge of its grid.
std::vector<std::string> warnings_of(const Results& results);

}  // namespace etude
