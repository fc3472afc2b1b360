// framework/cli/test_functions.hpp - functions with known minima, for `etude optimizer --function`.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace etude::cli {

/// Value and gradient of a function of n variables, in double.
struct TestFunction {
    std::string name, formula;
    std::size_t dimensions;  ///< 0: any number
    double (*value)(std::span<const double> x);
    void (*gradient)(std::span<const double> x, std::span<double> g);
};
/// sphere, rosenbrock, booth, matyas, himmelblau, beale (Jamil and Yang 2013, arXiv:1308.4008).
std::span<const TestFunction> test_functions();
/// Throws Error with a spelling hint.
const TestFunction& require_test_function(std::string_view name);

}  // namespace etude::cli
