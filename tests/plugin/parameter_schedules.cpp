// Schedules of momentum and weight decay, against the same training written in double with the values worked out by hand.
#include "plugin/parameter_schedules.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "base/random.hpp"
#include "fixtures.hpp"

using namespace etude;
using namespace etude::test;

namespace {

constexpr std::size_t weight_count = 40;
const RunLength length{100, 10};

Registry& shipped() {
    static Registry registry = Registry::scan({ETUDE_BINARY_DIR "/plugins"});
    return registry;
}
const Plugin& optimizer_named(const char* name) { return shipped().require(PluginKind::optimizer, name); }

ParameterSchedule scheduled(const std::string& parameter, const std::string& name, const std::vector<GivenValue>& given, double base) {
    return {parameter, schedule_spec(shipped().require(PluginKind::schedule, name), given, base)};
}
SchedulePlugins plugins_of(const std::vector<ParameterSchedule>& schedules) {
    SchedulePlugins plugins(shipped(), schedules.front().schedule);
    for (const ParameterSchedule& one : schedules) plugins.add(shipped(), one.schedule);
    return plugins;
}

/// A gradient that never repeats.
std::vector<float> gradient_of(std::uint64_t update) {
    Rng rng(7, "test gradients", update);
    std::vector<float> gradient(weight_count);
    for (float& g : gradient) g = static_cast<float>(2 * rng.uniform() - 1);
    return gradient;
}

std::vector<float> trained(const Plugin& plugin, const OptimizerSpec& spec, const std::vector<ParameterSchedule>& schedules, double lr) {
    BoundOptimizer optimizer(plugin, spec, weight_count, {length, 0, 100, {}});
    ParameterSchedules parameters(plugin, spec.values, plugins_of(schedules), schedules, length, 0);
    std::vector<float> weights(weight_count, 1);
    for (std::uint64_t update = 0; update < length.updates; ++update) {
        std::vector<float> gradient = gradient_of(update);
        parameters.apply(update, optimizer);
        optimizer.step(update, lr, 1, 10, weights, gradient);
    }
    return weights;
}

void check_close(const std::vector<float>& weights, const std::vector<double>& expected) {
    double largest = 0;
    for (const double w : expected) largest = std::max(largest, std::abs(w));
    for (std::size_t i = 0; i < weight_count; ++i) BOOST_TEST(std::abs(weights[i] - expected[i]) <= 5e-6 * largest, "weight " << i);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(parameter_schedules)

BOOST_AUTO_TEST_CASE(a_scheduled_momentum_and_decay_follow_the_training_written_in_double) {
    const Plugin& sgd = optimizer_named("sgd");
    const OptimizerSpec spec = optimizer_spec(sgd, 0.1, {{"momentum", 0.5}, {"weight_decay", 0.01}});
    const std::vector<ParameterSchedule> schedules{scheduled("momentum", "linear", {{"end", 0.95}}, 0.5),
                                                   scheduled("weight_decay", "step", {{"size", Duration{25, TimeUnit::ticks}}, {"gamma", 0.5}},
                                                             0.01)};
    std::vector<double> w(weight_count, 1), buffer(weight_count);
    for (std::uint64_t t = 0; t < length.updates; ++t) {
        const double momentum = 0.5 + (0.95 - 0.5) * static_cast<double>(t) / 99.0, decay = 0.01 * std::pow(0.5, static_cast<double>(t / 25));
        const std::vector<float> gradient = gradient_of(t);
        for (std::size_t i = 0; i < weight_count; ++i) {
            const double g = gradient[i] + decay * w[i];
            buffer[i] = t == 0 ? g : momentum * buffer[i] + g;
            w[i] -= 0.1 * buffer[i];
        }
    }
    check_close(trained(sgd, spec, schedules, 0.1), w);
}

BOOST_AUTO_TEST_CASE(a_scheduled_beta_is_corrected_by_the_product_of_what_it_was) {
    const Plugin& adam = optimizer_named("adamw");
    const OptimizerSpec spec = optimizer_spec(adam, 0.01, {{"beta1", 0.8}, {"weight_decay", 0.1}});
    const std::vector<ParameterSchedule> schedules{scheduled("beta1", "linear", {{"end", 0.95}}, 0.8),
                                                   scheduled("weight_decay", "linear", {{"end", 0.0}}, 0.1)};
    std::vector<double> w(weight_count, 1), m(weight_count), v(weight_count);
    double product1 = 1, product2 = 1;
    for (std::uint64_t t = 0; t < length.updates; ++t) {
        const double beta1 = 0.8 + 0.15 * static_cast<double>(t) / 99.0, decay = 0.1 * (1 - static_cast<double>(t) / 99.0);
        product1 *= beta1, product2 *= 0.999;
        const std::vector<float> gradient = gradient_of(t);
        for (std::size_t i = 0; i < weight_count; ++i) {
            const double g = gradient[i];
            m[i] = beta1 * m[i] + (1 - beta1) * g;
            v[i] = 0.999 * v[i] + 0.001 * g * g;
            w[i] -= 0.01 * decay * w[i];
            w[i] -= 0.01 * (m[i] / (1 - product1)) / (std::sqrt(v[i] / (1 - product2)) + 1e-8);
        }
    }
    check_close(trained(adam, spec, schedules, 0.01), w);
}

BOOST_AUTO_TEST_CASE(a_constant_schedule_changes_no_bit) {
    const Plugin& sgd = optimizer_named("sgd");
    const OptimizerSpec spec = optimizer_spec(sgd, 0.1, {{"momentum", 0.9}});
    BoundOptimizer optimizer(sgd, spec, weight_count, {length, 0, 100, {}});
    std::vector<float> weights(weight_count, 1);
    for (std::uint64_t update = 0; update < length.updates; ++update) {
        std::vector<float> gradient = gradient_of(update);
        optimizer.step(update, 0.1, 1, 10, weights, gradient);
    }
    BOOST_TEST(trained(sgd, spec, {scheduled("momentum", "constant", {}, 0.9)}, 0.1) == weights, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_value_outside_its_range_is_found_before_the_run) {
    const Plugin& sgd = optimizer_named("sgd");
    const OptimizerSpec spec = optimizer_spec(sgd, 0.1, {{"momentum", 0.5}});
    const auto problem = [&](const std::vector<ParameterSchedule>& schedules, const std::vector<Values>& groups) {
        return check_parameter_schedules(sgd, spec.values, groups, plugins_of(schedules), schedules, length, 0).value_or("none");
    };
    const std::vector<ParameterSchedule> rising{scheduled("momentum", "linear", {{"end", 0.99}}, 0.5)};
    BOOST_TEST(problem(rising, {}) == "none");
    Values heavy = spec.values;
    heavy.set("momentum", 0.6);  // of a group: the same factors lead it to 1.188
    BOOST_TEST(problem(rising, {heavy}) ==
               "schedules.optimizer.momentum: at update 68 optimizer 'sgd': momentum = 1.0038787878787878 is outside [0, 1)");
    BOOST_TEST(problem({scheduled("momentum", "linear", {{"end", 2.0}}, 0.5)}, {}) ==
               "schedules.optimizer.momentum: at update 33 optimizer 'sgd': momentum = 1 is outside [0, 1)");
}

BOOST_AUTO_TEST_SUITE_END()
