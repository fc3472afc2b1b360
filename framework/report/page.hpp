// framework/report/page.hpp - the results as one HTML file that needs nothing else: no network, light and dark, printable; without scripts
// only the part to explore is missing.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "report/findings.hpp"
#include "report/plot.hpp"

namespace etude {

/// `svgs` are the drawings of `figures`. With `live`, the name of the store's present contents, it is the page of `etude serve`: its script asks
/// the server that it came from for "version", and for the page again once that says something else.
std::string page_html(const Findings& findings, const std::vector<Figure>& figures, const std::vector<std::string>& svgs,
                      const std::optional<std::string>& live = {});

}  // namespace etude
