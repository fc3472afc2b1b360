#include "cli/test_functions.hpp"

#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace etude::cli {
namespace {

using Point = std::span<const double>;
using Gradient = std::span<double>;

double square(double x) { return x * x; }

double sphere(Point x) {
    double sum = 0;
    for (const double v : x) sum += v * v;
    return sum;
}
void sphere_gradient(Point x, Gradient g) {
    for (std::size_t i = 0; i < x.size(); ++i) g[i] = 2 * x[i];
}

double rosenbrock(Point x) { return square(1 - x[0]) + 100 * square(x[1] - x[0] * x[0]); }
void rosenbrock_gradient(Point x, Gradient g) {
    const double valley = x[1] - x[0] * x[0];
    g[0] = -2 * (1 - x[0]) - 400 * x[0] * valley;
    g[1] = 200 * valley;
}

double booth(Point x) { return square(x[0] + 2 * x[1] - 7) + square(2 * x[0] + x[1] - 5); }
void booth_gradient(Point x, Gradient g) {
    const double a = x[0] + 2 * x[1] - 7, b = 2 * x[0] + x[1] - 5;
    g[0] = 2 * a + 4 * b;
    g[1] = 4 * a + 2 * b;
}

double matyas(Point x) { return 0.26 * (x[0] * x[0] + x[1] * x[1]) - 0.48 * x[0] * x[1]; }
void matyas_gradient(Point x, Gradient g) {
    g[0] = 0.52 * x[0] - 0.48 * x[1];
    g[1] = 0.52 * x[1] - 0.48 * x[0];
}

double himmelblau(Point x) { return square(x[0] * x[0] + x[1] - 11) + square(x[0] + x[1] * x[1] - 7); }
void himmelblau_gradient(Point x, Gradient g) {
    const double a = x[0] * x[0] + x[1] - 11, b = x[0] + x[1] * x[1] - 7;
    g[0] = 4 * x[0] * a + 2 * b;
    g[1] = 2 * a + 4 * x[1] * b;
}

constexpr std::array<double, 3> beale_constants = {1.5, 2.25, 2.625};
double beale(Point x) {
    double sum = 0, power = 1;
    for (const double c : beale_constants) {
        power *= x[1];
        sum += square(c - x[0] + x[0] * power);
    }
    return sum;
}
void beale_gradient(Point x, Gradient g) {
    g[0] = g[1] = 0;
    double power = 1, below = 1;  // y^i and y^(i-1)
    for (std::size_t i = 0; i < beale_constants.size(); ++i) {
        below = power;
        power *= x[1];
        const double residual = beale_constants[i] - x[0] + x[0] * power;
        g[0] += 2 * residual * (power - 1);
        g[1] += 2 * residual * x[0] * static_cast<double>(i + 1) * below;
    }
}

const std::array<TestFunction, 6> all = {{
    {"sphere", "sum of x_i^2", 0, sphere, sphere_gradient},
    {"rosenbrock", "(1 - x)^2 + 100 (y - x^2)^2", 2, rosenbrock, rosenbrock_gradient},
    {"booth", "(x + 2y - 7)^2 + (2x + y - 5)^2", 2, booth, booth_gradient},
    {"matyas", "0.26 (x^2 + y^2) - 0.48 x y", 2, matyas, matyas_gradient},
    {"himmelblau", "(x^2 + y - 11)^2 + (x + y^2 - 7)^2", 2, himmelblau, himmelblau_gradient},
    {"beale", "(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2", 2, beale, beale_gradient},
}};

}  // namespace

std::span<const TestFunction> test_functions() { return all; }

const TestFunction& require_test_function(std::string_view name) {
    std::vector<std::string> names;
    for (const TestFunction& function : all) {
        if (function.name == name) return function;
        names.push_back(function.name);
    }
    throw Error("there is no function '" + std::string(name) + "'", spelling_hint(name, names));
}

}  // namespace etude::cli
