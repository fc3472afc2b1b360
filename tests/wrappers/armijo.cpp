// The line search of the optimizer armijo, seen from the host: what it tries, and what it then does.
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "wrappers/settings.hpp"

namespace tt = boost::test_tools;
using namespace etude;
using namespace etude::test;

namespace {

/// Rosenbrock's function, which remembers what was asked.
class Rosenbrock : public BatchLoss {
  public:
    double loss(std::span<const float> w) override {
        tried.push_back({w[0], w[1]});
        return value(w[0], w[1]);
    }
    double gradient(std::span<const float>, std::span<float>) override {
        BOOST_FAIL("the loss alone was wanted");
        return 0;
    }
    static double value(double x, double y) { return std::pow(1 - x, 2) + 100 * std::pow(y - x * x, 2); }
    static std::vector<float> slope(double x, double y) {
        return {static_cast<float>(-2 * (1 - x) - 400 * x * (y - x * x)), static_cast<float>(200 * (y - x * x))};
    }
    std::vector<std::pair<double, double>> tried;
};

double distance(std::pair<double, double> a, std::pair<double, double> b) { return std::hypot(a.first - b.first, a.second - b.second); }

}  // namespace

BOOST_AUTO_TEST_SUITE(line_search)

BOOST_AUTO_TEST_CASE(the_first_rate_that_lowers_the_loss_enough_is_taken) {
    Registry registry = shipped_optimizers();
    const Plugin& plugin = registry.require(PluginKind::optimizer, "armijo");
    WrappedOptimizer optimizer(plugin, wrapped_spec(plugin, 1.0, "c=0.2;shrink=0.7;growth=16", ""), 2, {{200, 4}, 0, 10, {}});
    Rosenbrock surface;
    std::vector<float> w{-1.2f, 1};
    double rate = 0.5, searches = 0;  // the first try is at the base rate: half of it, grown by 16^(1/4)
    for (std::uint64_t update = 0; update < 200; ++update) {
        const std::pair<double, double> before{w[0], w[1]};
        std::vector<float> g = Rosenbrock::slope(w[0], w[1]);
        const double loss = Rosenbrock::value(w[0], w[1]), norm = std::hypot(g[0], g[1]);
        surface.tried.clear();
        optimizer.step(update, 1.0, loss, 10, w, g, surface);
        BOOST_TEST_REQUIRE(!surface.tried.empty());
        rate *= 2;
        for (std::size_t i = 0; i < surface.tried.size(); ++i, rate *= 0.7) {
            const auto point = surface.tried[i];
            const bool is_last = i + 1 == surface.tried.size();
            const double wanted = rate * norm, rounding = 1e-6 * (1 + std::hypot(before.first, before.second)) / wanted;
            BOOST_TEST(distance(point, before) / wanted == 1, tt::tolerance(1e-5 + rounding));
            const double decrease = loss - Rosenbrock::value(point.first, point.second), needed = 0.2 * rate * norm * norm;
            if (is_last) BOOST_TEST(decrease >= needed * (1 - 1e-9), "update " << update);
            else BOOST_TEST(decrease < needed * (1 + 1e-9), "update " << update << ", try " << i);
        }
        rate /= 0.7;
        searches += surface.tried.size() > 1;
        BOOST_TEST((w[0] == surface.tried.back().first && w[1] == surface.tried.back().second));
    }
    BOOST_TEST(searches > 50);
    BOOST_TEST(Rosenbrock::value(w[0], w[1]) < 2.4);  // a tenth of where it began
}

BOOST_AUTO_TEST_CASE(a_search_in_vain_ends_after_max_tries_with_a_small_step) {
    class Wall : public BatchLoss {
      public:
        double loss(std::span<const float>) override { return ++asked, 2; }
        double gradient(std::span<const float>, std::span<float>) override { return 2; }
        int asked = 0;
    } wall;
    Registry registry = shipped_optimizers();
    const Plugin& plugin = registry.require(PluginKind::optimizer, "armijo");
    WrappedOptimizer optimizer(plugin, wrapped_spec(plugin, 1.0, "max_tries=7", ""), 1, {{10, 5}, 0, 10, {}});
    std::vector<float> w{0}, g{1000};
    optimizer.step(0, 1.0, 1, 10, w, g, wall);
    BOOST_TEST(wall.asked == 7);
    BOOST_TEST(w[0] == -1e-3f, tt::tolerance(1e-6f));
}

BOOST_AUTO_TEST_CASE(at_rate_0_or_without_a_slope_nothing_is_tried) {
    Registry registry = shipped_optimizers();
    const Plugin& plugin = registry.require(PluginKind::optimizer, "armijo");
    WrappedOptimizer optimizer(plugin, wrapped_spec(plugin, 1.0, "", ""), 1, {{10, 5}, 0, 10, {}});
    NoSurface none;
    std::vector<float> w{3}, g{1}, flat{0};
    optimizer.step(0, 0.0, 1, 10, w, g, none);
    optimizer.step(1, 1.0, 1, 10, w, flat, none);
    BOOST_TEST(w[0] == 3.0f);
}

BOOST_AUTO_TEST_SUITE_END()
