#include "layers/initialiser.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.hpp"
#include "layers/catalogue.hpp"

namespace etude {
namespace {

// Standard deviation of a standard normal truncated at -2 and 2: sqrt(1 - 4 phi(2) / (2 Phi(2) - 1)).
constexpr double truncated_deviation = 0.87962566103423978;

double truncated_normal(Rng& rng) {
    for (;;)
        if (const double x = rng.normal(); std::abs(x) <= 2) return x;
}

double variance_of(std::string_view family, double fan_in, double fan_out) {
    if (family == "he") return 2 / fan_in;
    if (family == "glorot") return 2 / (fan_in + fan_out);
    ETUDE_ASSERT(family == "lecun", "no initialiser '" + std::string(family) + "'");
    return 1 / fan_in;
}

double dot(std::span<const double> a, std::span<const double> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

/// Takes the part along the vectors before `row` away from it: twice, since one pass loses orthogonality by rounding (Giraud et al. 2005).
void orthogonalise(std::vector<double>& vectors, std::size_t row, std::size_t length) {
    const std::span<double> v(vectors.data() + row * length, length);
    for (int pass = 0; pass < 2; ++pass)
        for (std::size_t before = 0; before < row; ++before) {
            const std::span<const double> u(vectors.data() + before * length, length);
            const double along = dot(u, v);
            for (std::size_t i = 0; i < length; ++i) v[i] -= along * u[i];
        }
    const double norm = std::sqrt(dot(v, v));
    for (double& x : v) x /= norm;
}

/// Gram-Schmidt on normal vectors: uniform over the orthogonal systems (Haar), as a QR factorisation with positive diagonal is.
void draw_orthogonal(std::size_t rows, std::size_t columns, Rng& rng, float* to) {
    const std::size_t count = std::min(rows, columns), length = std::max(rows, columns);
    std::vector<double> vectors(count * length);  // [count, length]
    for (double& x : vectors) x = rng.normal();
    for (std::size_t i = 0; i < count; ++i) orthogonalise(vectors, i, length);
    for (std::size_t o = 0; o < rows; ++o)
        for (std::size_t i = 0; i < columns; ++i)
            to[o * columns + i] = static_cast<float>(rows <= columns ? vectors[o * length + i] : vectors[i * length + o]);
}

}  // namespace

std::span<const std::string> initialisers() {
    static const std::vector<std::string> names = {"constant",  "glorot_normal", "glorot_uniform", "he_normal", "he_uniform",
                                                   "lecun_normal", "lecun_uniform", "orthogonal", "zeros"};
    return names;
}

void draw_initial(std::string_view name, double value, const WeightMatrix& matrix, Rng& rng, float* to) {
    const std::span<float> tensor(to, matrix.rows * matrix.columns);
    if (name == "zeros" || name == "constant") {
        std::ranges::fill(tensor, name == "zeros" ? 0.0f : static_cast<float>(value));
        return;
    }
    if (name == "orthogonal") return draw_orthogonal(matrix.rows, matrix.columns, rng, to);
    const std::size_t bar = name.find('_');
    const double deviation = std::sqrt(variance_of(name.substr(0, bar), matrix.fan_in(), matrix.fan_out()));
    if (name.substr(bar + 1) == "uniform") {
        const double limit = std::sqrt(3.0) * deviation;
        for (float& x : tensor) x = static_cast<float>(rng.uniform(-limit, limit));
    } else {
        for (float& x : tensor) x = static_cast<float>(truncated_normal(rng) * deviation / truncated_deviation);
    }
}

}  // namespace etude
