// framework/report/findings.hpp - the results of a study and what they say: read and analysed once, for whatever is then written of them.
#pragma once
#include "report/analysis.hpp"
#include "report/results.hpp"

namespace etude {

struct Findings {
    /// Not explicit: what wants findings takes a store too, where nothing else is made of them.
    Findings(const Store& store) : results(load_results(store)), analysis(analyse(results)) {}
    Results results;
    Analysis analysis;
};

}  // namespace etude
