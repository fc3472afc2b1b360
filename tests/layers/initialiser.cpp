#include "layers/initialiser.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

namespace {

using namespace etude;

struct Moments {
    double mean = 0, deviation = 0, largest = 0;
};

Moments moments(const std::string& name, std::size_t fan_out, std::size_t fan_in) {
    std::vector<float> w(fan_out * fan_in);
    Rng rng(3, "init", 0);
    draw_initial(name, 0, {fan_out, fan_in}, rng, w.data());
    Moments m;
    double squares = 0;
    for (const float x : w) {
        m.mean += static_cast<double>(x) / static_cast<double>(w.size());
        squares += static_cast<double>(x) * static_cast<double>(x) / static_cast<double>(w.size());
        m.largest = std::max(m.largest, std::abs(static_cast<double>(x)));
    }
    m.deviation = std::sqrt(squares - m.mean * m.mean);
    return m;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(initialiser)

BOOST_AUTO_TEST_CASE(has_the_moments_and_bounds_of_its_definition) {
    const std::size_t fan_out = 300, fan_in = 500;  // 150 000 numbers: the deviation is known to 0.2 %
    const struct {
        std::string name;
        double variance;
    } cases[] = {{"he", 2.0 / fan_in}, {"glorot", 2.0 / (fan_in + fan_out)}, {"lecun", 1.0 / fan_in}};
    for (const auto& c : cases) {
        const double deviation = std::sqrt(c.variance), truncated_at = 2 * deviation / 0.87962566103423978;
        const Moments uniform = moments(c.name + "_uniform", fan_out, fan_in), normal = moments(c.name + "_normal", fan_out, fan_in);
        for (const Moments& m : {uniform, normal}) {
            BOOST_TEST(std::abs(m.mean) < 0.01 * deviation, c.name << " mean " << m.mean);
            BOOST_TEST(std::abs(m.deviation / deviation - 1) < 0.01, c.name << " deviation " << m.deviation << " for " << deviation);
        }
        BOOST_TEST(uniform.largest <= std::sqrt(3.0) * deviation * (1 + 1e-6));
        BOOST_TEST(uniform.largest > 0.999 * std::sqrt(3.0) * deviation);
        BOOST_TEST(normal.largest <= truncated_at * (1 + 1e-6));
        BOOST_TEST(normal.largest > 0.99 * truncated_at);
    }
}

BOOST_AUTO_TEST_CASE(zeros_and_constant_are_what_they_say) {
    Rng rng(1, "init");
    std::vector<float> w(6, 7.0f);
    draw_initial("zeros", 0.5, {2, 3}, rng, w.data());
    BOOST_TEST(w == std::vector<float>(6, 0.0f), boost::test_tools::per_element());
    draw_initial("constant", 0.5, {2, 3}, rng, w.data());
    BOOST_TEST(w == std::vector<float>(6, 0.5f), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(orthogonal_rows_or_columns_are_orthonormal) {
    for (const auto& [fan_out, fan_in] : {std::pair<std::size_t, std::size_t>{10, 30}, {30, 10}, {16, 16}, {1, 5}, {5, 1}}) {
        Rng rng(2, "init");
        std::vector<float> w(fan_out * fan_in);
        draw_initial("orthogonal", 0, {fan_out, fan_in}, rng, w.data());
        const bool by_rows = fan_out <= fan_in;
        const std::size_t count = std::min(fan_out, fan_in), length = std::max(fan_out, fan_in);
        const auto element = [&](std::size_t v, std::size_t i) { return static_cast<double>(by_rows ? w[v * fan_in + i] : w[i * fan_in + v]); };
        for (std::size_t a = 0; a < count; ++a)
            for (std::size_t b = 0; b <= a; ++b) {
                double product = 0;
                for (std::size_t i = 0; i < length; ++i) product += element(a, i) * element(b, i);
                BOOST_REQUIRE_SMALL(product - (a == b ? 1.0 : 0.0), 1e-6);
            }
    }
}

BOOST_AUTO_TEST_SUITE_END()
