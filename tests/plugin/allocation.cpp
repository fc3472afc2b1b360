// A training step of ours allocates nothing: operator new is counted.
#include <boost/test/unit_test.hpp>
#include <limits>

#include "fixtures.hpp"
#include "plugin/parameter_schedules.hpp"
#include "support/allocations.hpp"

using namespace etude;
using namespace etude::test;

BOOST_AUTO_TEST_SUITE(allocation)

BOOST_AUTO_TEST_CASE(binding_allocates_and_is_counted) {
    const Plugin& plugin = optimizer_fixture("kernels");
    const OptimizerSpec spec = optimizer_spec(plugin, 0.1);
    const std::size_t before = allocations();
    const BoundOptimizer optimizer(plugin, spec, 100, {{10, 5}, 0, 100, {}});
    BOOST_TEST(allocations() > before);
}

BOOST_AUTO_TEST_CASE(a_step_allocates_nothing) {
    const Plugin& plugin = optimizer_fixture("kernels");
    BoundOptimizer optimizer(plugin, optimizer_spec(plugin, 0.1), 100, {{10, 5}, 0, 100, {}});
    std::vector<float> weights(100, 1), gradients(100, 1), point(100);
    const std::size_t before = allocations();
    for (std::uint64_t update = 0; update < 10; ++update) optimizer.step(update, 0.1, 1, 10, weights, gradients);
    optimizer.evaluation_point(10, weights, point);
    const std::size_t made = allocations() - before;
    BOOST_TEST(made == 0u);
}

BOOST_AUTO_TEST_CASE(a_factor_and_a_report_allocate_nothing) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    for (const char* name : {"watcher", "half_cosine"}) {
        const Plugin& plugin = schedule_fixture(name);
        ScheduleSpec spec = schedule_spec(plugin);
        spec.warmup = WarmupSpec{{3, TimeUnit::updates}};
        BoundSchedule schedule(plugin, spec, 1, {10, 5}, 0);
        const std::size_t before = allocations();
        for (std::uint64_t update = 0; update < 10; ++update) {
            schedule.factor(update);
            schedule.observe(1, true, {nan, nan, nan, nan, nan, nan}, update + 1, 0);
        }
        const std::size_t made = allocations() - before;  // the test's own context allocates
        BOOST_TEST_CONTEXT(name) BOOST_TEST(made == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_tree_of_schedules_allocates_nothing) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    const Plugin& plugin = schedule_fixture("watcher");
    ScheduleSpec leaf = schedule_spec(plugin);
    leaf.shaping.quantize = Duration{2, TimeUnit::updates};
    ScheduleSpec product;
    product.name = "product";
    product.combination = Combination::product;
    product.children = {leaf, leaf};
    ScheduleSpec spec;
    spec.name = "sequence";
    spec.combination = Combination::sequence;
    spec.continuous = true;
    product.lasts = Duration{4, TimeUnit::updates};
    spec.children = {product, leaf};
    BoundSchedule schedule(plugin, spec, 1, {10, 5}, 0);
    const std::size_t before = allocations();
    for (std::uint64_t update = 0; update < 10; ++update) {
        schedule.factor(update);
        schedule.observe(1, true, {nan, nan, nan, nan, nan, nan}, update + 1, 0);
        schedule.state();
    }
    const std::size_t made = allocations() - before;
    BOOST_TEST(made == 0u);
}

BOOST_AUTO_TEST_CASE(a_scheduled_parameter_over_groups_allocates_nothing) {
    Registry registry = Registry::scan({ETUDE_BINARY_DIR "/plugins"});
    const Plugin& sgd = registry.require(PluginKind::optimizer, "sgd");
    const OptimizerSpec spec = optimizer_spec(sgd, 0.1, {{"momentum", 0.5}});
    const std::vector<ParameterSchedule> schedules{
        {"momentum", schedule_spec(registry.require(PluginKind::schedule, "linear"), {{"end", 0.9}}, 0.5)}};
    etude_tensor first{}, second{};
    first.count = 60;
    second.offset = 60, second.count = 40;
    BoundOptimizer optimizer(sgd, spec, 100, {{10, 5}, 0, 100, {first, second}, {{2.0, spec.values, {1}}}});
    ParameterSchedules parameters(sgd, spec.values, SchedulePlugins(registry, schedules[0].schedule), schedules, {10, 5}, 0);
    std::vector<float> weights(100, 1), gradients(100, 1);
    const std::size_t before = allocations();
    for (std::uint64_t update = 0; update < 10; ++update) {
        parameters.apply(update, optimizer);
        optimizer.step(update, 0.1, 1, 10, weights, gradients);
    }
    const std::size_t made = allocations() - before;
    BOOST_TEST(made == 0u);
    BOOST_TEST(weights[0] != weights[99]);
}

BOOST_AUTO_TEST_SUITE_END()
