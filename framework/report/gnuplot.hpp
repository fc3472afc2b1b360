// framework/report/gnuplot.hpp - runs gnuplot on a script, in a folder of its own.
#pragma once
#include <string>
#include <vector>

namespace etude {

/// Runs `script`, whose outputs are the files `outputs` in the current folder, and returns their contents.
/// Throws Error when gnuplot is not installed, or with its words when it fails.
std::vector<std::string> run_gnuplot(const std::string& script, const std::vector<std::string>& outputs);

/// `text` as a gnuplot string: nothing in it is special.
std::string gnuplot_text(const std::string& text);

}  // namespace etude
