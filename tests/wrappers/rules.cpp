// What goes together, when an average begins, and what a broken number does.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "wrappers/average.hpp"
#include "wrappers/kinds.hpp"
#include "wrappers/settings.hpp"

namespace tt = boost::test_tools;
using namespace etude;
using namespace etude::test;

namespace {

struct Fixture {
    Registry registry = shipped_optimizers();
    const Plugin& plugin(const char* name) { return registry.require(PluginKind::optimizer, name); }
    OptimizerSpec spec(const char* name, const char* wrappers) { return wrapped_spec(plugin(name), 0.1, "", wrappers); }
    std::string problem(const char* name, const char* wrappers) {
        const auto found = wrapper_problem(plugin(name), spec(name, wrappers));
        return found ? found->key + ": " + found->message : "none";
    }
};

Component method(const char* name, std::vector<std::pair<std::string, Value>> given) {
    Component made{name, defaults(find_wrapper_kind(name)->schema)};
    for (auto& [key, value] : given) made.values.set(key, value);
    return made;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(wrapper_rules, Fixture)

BOOST_AUTO_TEST_CASE(there_is_one_point_to_evaluate_at) {
    BOOST_TEST(problem("sgd", "ema") == "none");
    BOOST_TEST(problem("sgd", "lookahead + ema") == "none");  // the average of the fast weights
    BOOST_TEST(problem("sgd", "ema + swa") == "swa: 'ema' and 'swa' both say where to evaluate");
    BOOST_TEST(problem("schedule_free_sgd", "polyak_average") ==
               "polyak_average: 'polyak_average' does not go with optimizer 'schedule_free_sgd', which averages by itself");
    BOOST_TEST(problem("schedule_free_sgd", "lookahead") ==
               "lookahead: 'lookahead' does not go with optimizer 'schedule_free_sgd', which averages by itself");
    BOOST_TEST(problem("schedule_free_sgd", "cautious") ==
               "cautious: 'cautious' does not go with optimizer 'schedule_free_sgd', which averages by itself");
    BOOST_TEST(problem("schedule_free_sgd", "sam + centralize") == "none");
}

BOOST_AUTO_TEST_CASE(one_looks_around_not_two) {
    BOOST_TEST(problem("armijo", "sam") == "sam: 'sam' does not go with optimizer 'armijo', which looks at other weights by itself");
    BOOST_TEST(problem("armijo", "ema + clip norm=1") == "none");
}

BOOST_AUTO_TEST_CASE(an_average_that_never_begins_is_told) {
    const auto warning = [&](const char* wrappers, RunLength length) { return wrapper_warning(spec("sgd", wrappers), length).value_or("none"); };
    BOOST_TEST(warning("swa", {100, 10}) == "none");
    BOOST_TEST(warning("swa start=10epochs", {100, 10}) == "none");
    BOOST_TEST(warning("swa start=11epochs", {100, 10}) == "'swa' begins after 110 updates, the run has 100: the weights themselves are evaluated");
    BOOST_TEST(warning("lookahead", {1, 1}) == "none");
}

BOOST_AUTO_TEST_CASE(lengths_of_an_average_are_rounded_up_and_at_least_one_update) {
    const RunLength length{100, 7};
    BOOST_TEST(first_average(method("polyak_average", {}), length) == 1u);
    BOOST_TEST(first_average(method("polyak_average", {{"start", Duration{0.5, TimeUnit::epochs}}}), length) == 4u);
    BOOST_TEST(first_average(method("swa", {{"start", Duration{0.07, TimeUnit::fraction}}}), length) == 7u);
    BOOST_TEST(first_average(method("swa", {{"start", Duration{5, TimeUnit::ticks}}}), length) == 5u);
}

BOOST_AUTO_TEST_CASE(a_slow_average_moves_where_float_would_stand_still) {
    // 1 + 1e-3, then 100 000 times the weight 1: the mean is 1 + 1e-3 d^n. In float, (1 - d) 1e-3 = 1e-9 is less than half a unit in the last place
    // of 1.
    const Component ema = method("ema", {{"decay", 1 - 1e-6}});
    Average average(ema, 1, {200'000, 10}, chosen_isa());
    std::vector<float> weights{1.001f}, mean(1);
    const double start = weights[0];
    average.take(0, weights);
    weights[0] = 1;
    for (std::uint64_t update = 1; update <= 100'000; ++update) average.take(update, weights);
    average.write(mean);
    BOOST_TEST(mean[0] == static_cast<float>(1 + (start - 1) * std::pow(1 - 1e-6, 100'000)), tt::tolerance(1e-7f));
    BOOST_TEST(mean[0] < 1.00095f);
}

BOOST_AUTO_TEST_CASE(a_gradient_that_is_no_number_is_not_hidden) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    for (const char* wrappers : {"centralize", "clip norm=1", "clip adaptive=0.1", "cautious", "cautious rescale=false", "lookahead k=1"}) {
        WrappedOptimizer optimizer(plugin("sgd"), spec("sgd", wrappers), 4, {{10, 5}, 0, 100, {}});
        std::vector<float> weights(4, 1), gradients{1, nan, 1, 1};
        NoSurface none;
        optimizer.step(0, 0.1, 1, 10, weights, gradients, none);
        BOOST_TEST(std::isnan(weights[1]), wrappers);
    }
}

BOOST_AUTO_TEST_CASE(a_gradient_of_0_moves_nothing_around_which_sam_looks) {
    class Flat : public BatchLoss {
        double loss(std::span<const float>) override { return 1; }
        double gradient(std::span<const float> point, std::span<float> gradients) override {
            BOOST_TEST(point[0] == 2.0f);
            std::ranges::fill(gradients, 0.0f);
            return 1;
        }
    } flat;
    WrappedOptimizer optimizer(plugin("sgd"), spec("sgd", "sam rho=1"), 1, {{10, 5}, 0, 100, {}});
    std::vector<float> weights{2}, gradients{0};
    optimizer.step(0, 0.1, 1, 10, weights, gradients, flat);
    BOOST_TEST(weights[0] == 2.0f);
}

BOOST_AUTO_TEST_SUITE_END()
