// A library that was built when the newest minor of the plugin ABI was 0 (abi_1_0/README.md): it loads, and its numbers are those of its formulas.
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "fixtures.hpp"
#include "plugin/check.hpp"

using namespace etude;
using namespace etude::test;
namespace fs = std::filesystem;

namespace {

boost::test_tools::assertion_result is_x86_64(boost::unit_test::test_unit_id) {
#if defined(__x86_64__)
    return true;
#else
    boost::test_tools::assertion_result result(false);
    result.message() << "the kept binary is for x86-64";
    return result;
#endif
}

Registry old_plugins() { return Registry::scan({fs::path(ETUDE_SOURCE_DIR) / "tests/plugin/abi_1_0/veteran.so"}); }

}  // namespace

BOOST_AUTO_TEST_SUITE(plugin_of_abi_1_0, *boost::unit_test::precondition(is_x86_64))

BOOST_AUTO_TEST_CASE(its_table_is_read) {
    Registry registry = old_plugins();
    const Plugin& veteran = registry.require(PluginKind::optimizer, "veteran");
    BOOST_TEST(veteran.table->minor == 0);
    BOOST_TEST(veteran.table->optimizer->size == 64u);  // bytes: nothing that was appended later
    BOOST_TEST(veteran.build == "g++ 12.2.0, plugin ABI 1.0");
    BOOST_TEST(veteran.elementwise);
    BOOST_TEST(veteran.slots == std::vector<std::string>{"velocity"}, boost::test_tools::per_element());
    BOOST_TEST(veteran.find_preset("plain")->lr == 0.5);
}

BOOST_AUTO_TEST_CASE(it_steps_and_evaluates_as_it_did) {
    Registry registry = old_plugins();
    const Plugin& veteran = registry.require(PluginKind::optimizer, "veteran");
    BoundOptimizer optimizer(veteran, optimizer_spec(veteran, 0.5, {{"momentum", 0.5}, {"lookahead_by", -0.25}}), 2, {{3, 3}, 0, 10, {}});
    std::vector<float> weights{1, 2}, gradients{1, -2}, point(2);
    for (std::uint64_t update = 0; update < 3; ++update) optimizer.step(update, 0.5, 0, 1, weights, gradients);
    // v = g, 1.5 g, 1.75 g; w = w0 - (1 + 1.5 + 1.75) g / 2
    BOOST_TEST(weights == (std::vector<float>{1 - 2.125f, 2 + 4.25f}), boost::test_tools::per_element());
    optimizer.evaluation_point(2, weights, point);
    BOOST_TEST(point == (std::vector<float>{-1.125f - 0.4375f, 6.25f + 0.875f}), boost::test_tools::per_element());
    BOOST_TEST(optimizer.scalars()[0] == 3.0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(plugin_of_abi_1_1)

BOOST_AUTO_TEST_CASE(a_host_that_speaks_1_0_refuses_it) {
    const Plugin& plugin = optimizer_fixture("extragradient");
    BOOST_TEST(plugin.table->minor == 1);
    const OpenedTable opened{plugin.table, plugin.table->size};
    BOOST_TEST(!version_problem(opened, 1).has_value());
    BOOST_TEST(version_problem(opened, 0).value() ==
               "built for plugin ABI 1.1; this framework speaks 1.0: update it, or build the plugin with -DETUDE_ABI_MINOR=0");
}

BOOST_AUTO_TEST_CASE(it_is_told_loss_and_gradient_where_it_asks) {
    // Extragradient on w^2 / 2 with rate r: w - r (w - r w), so times 1 - r + r^2 in an update.
    class Square : public BatchLoss {
        double loss(std::span<const float> point) override { return double{point[0]} * point[0] / 2; }
        double gradient(std::span<const float> point, std::span<float> gradients) override {
            gradients[0] = point[0];
            return loss(point);
        }
    } square;
    const Plugin& plugin = optimizer_fixture("extragradient");
    BOOST_TEST(plugin.probes);
    BoundOptimizer optimizer(plugin, optimizer_spec(plugin, 0.5), 1, {{2, 2}, 0, 10, {}});
    std::vector<float> weights{4}, gradients{4};
    optimizer.step(0, 0.5, 8, 1, weights, gradients, square);
    BOOST_TEST(weights[0] == 3.0f);
    BOOST_TEST(optimizer.scalars()[0] == 2.0);  // the loss where it looked: 2^2 / 2
    BOOST_TEST(gradients[0] == 4.0f);
}

BOOST_AUTO_TEST_SUITE_END()
