// An update inside all of its wrappers allocates nothing: operator new is counted.
#include <boost/test/unit_test.hpp>

#include "support/allocations.hpp"
#include "wrappers/settings.hpp"

using namespace etude;
using namespace etude::test;

namespace {

class Square : public BatchLoss {
  public:
    double loss(std::span<const float> point) override { return double{point[0]} * point[0] / 2; }
    double gradient(std::span<const float> point, std::span<float> gradients) override {
        for (std::size_t i = 0; i < point.size(); ++i) gradients[i] = point[i];
        return loss(point);
    }
};

/// Allocations in ten updates, each with a look at the point to evaluate at.
std::size_t allocations_of(const char* name, const char* wrappers) {
    Registry registry = shipped_optimizers();
    const Plugin& plugin = registry.require(PluginKind::optimizer, name);
    const std::size_t at_start = allocations();
    WrappedOptimizer optimizer(plugin, wrapped_spec(plugin, 0.1, "", wrappers), 100, {{10, 5}, 0, 100, {}});
    BOOST_TEST(allocations() > at_start);
    std::vector<float> weights(100, 1), gradients(100, 1), point(100);
    Square surface;
    const std::size_t before = allocations();
    for (std::uint64_t update = 0; update < 10; ++update) {
        optimizer.step(update, 0.1, 1, 10, weights, gradients, surface);
        if (optimizer.has_evaluation_point()) optimizer.evaluation_point(update, weights, point);
    }
    return allocations() - before;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wrapper_allocation)

BOOST_AUTO_TEST_CASE(an_update_allocates_nothing) {
    for (const char* average : {"ema", "swa every=1updates", "polyak_average", "lookahead k=2"}) {
        const std::string all = "sam + centralize + clip adaptive=0.1 + cautious + " + std::string(average);
        BOOST_TEST(allocations_of("adam", all.c_str()) == 0u, average);
    }
}

BOOST_AUTO_TEST_CASE(a_line_search_allocates_nothing) { BOOST_TEST(allocations_of("armijo", "clip norm=1") == 0u); }

BOOST_AUTO_TEST_SUITE_END()
