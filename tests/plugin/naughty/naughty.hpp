// tests/plugin/naughty/naughty.hpp - what an optimizer declares beside the rule that it breaks.
#pragma once
#include <etude/plugin.hpp>

struct NaughtyOptimizer {
    static constexpr auto summary = "Breaks one rule.";
    static constexpr auto source = "";
    static constexpr double lr = 0.01;
    static constexpr auto slots = etude::names("velocity");
    static constexpr bool elementwise = true;
    static constexpr auto params() { return std::tuple{}; }
};
