// tests/plugin/compile_fail/skeleton.hpp - what every plugin has. Each file beside this one does not compile unless FIXED is defined.
#pragma once
#include <etude/plugin.hpp>

struct Skeleton {
    static constexpr auto name = "skeleton";
    static constexpr auto summary = "";
    static constexpr auto source = "";
    static constexpr auto params() { return std::tuple{}; }
    double factor(const etude::Clock&) const { return 1; }
};
