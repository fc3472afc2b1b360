// Optimizers against recorded tables (oracles/make_tables.py): PyTorch's own in float64, other frameworks' formulas in float64.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "plugins/harness.hpp"

using namespace etude;
using namespace etude::test;

namespace {

/// Of the largest weight. PyTorch's own float32 reaches 2e-6 against its float64.
constexpr double tolerance = 5e-6;

std::vector<std::vector<float>> recorded_gradients(const std::string& name) {
    std::vector<std::vector<float>> gradients;
    for (const auto& row : read_table_file("gradients_" + name + ".csv", Header::no).rows) {
        gradients.emplace_back();
        for (const std::string& cell : row) gradients.back().push_back(static_cast<float>(parse_real(cell).value()));
    }
    return gradients;
}

std::map<std::string, std::vector<double>> recorded_rates() {
    std::map<std::string, std::vector<double>> rates;
    for (const auto& row : read_table_file("rates.csv", Header::no).rows)
        for (std::size_t i = 1; i < row.size(); ++i) rates[row[0]].push_back(parse_real(row[i]).value());
    return rates;
}

std::vector<double> recorded_weights(const Table& table, std::size_t row) {
    std::vector<double> weights;
    for (std::size_t i = table.columns.at("w0"); i < table.rows[row].size(); ++i) weights.push_back(parse_real(table.rows[row][i]).value());
    return weights;
}

/// Largest difference over the largest weight.
double error_of(std::span<const float> weights, std::span<const double> expected) {
    double difference = 0, largest = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        largest = std::max(largest, std::abs(expected[i]));
        difference = std::max(difference, std::isfinite(weights[i]) ? std::abs(double(weights[i]) - expected[i]) : INFINITY);
    }
    return difference / largest;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(optimizer_tables)

BOOST_AUTO_TEST_CASE(every_optimizer_and_preset_follows_its_reference_over_100_updates) {
    Registry registry = shipped_plugins();
    const Table table = read_table_file("optimizers.csv");
    const auto rates = recorded_rates();
    std::map<std::string, std::vector<std::vector<float>>> gradients{{"random", recorded_gradients("random")}, {"hard", recorded_gradients("hard")}};
    BOOST_REQUIRE_EQUAL(gradients["random"].size(), 100);

    std::size_t row = 0, cases = 0;
    double worst = 0;
    while (row < table.rows.size()) {
        const std::size_t begin = row;
        const Plugin& plugin = registry.require(PluginKind::optimizer, table.at(begin, "optimizer"));
        const std::string& settings = table.at(begin, "parameters");
        const std::string label = "case " + table.at(begin, "case") + ": " + table.at(begin, "optimizer") + " " + table.at(begin, "preset") + " " +
                                  settings + ", " + table.at(begin, "gradients") + " gradients, " + table.at(begin, "rates") + " rates";
        const OptimizerSpec spec = optimizer_spec(plugin, table.at(begin, "preset"), parse_real(table.at(begin, "lr")), settings);
        const std::vector<double> start = recorded_weights(table, begin);
        std::vector<float> weights(start.begin(), start.end());
        BoundOptimizer optimizer(plugin, spec, weights.size(), {.length = {100, 10}, .seed = 0, .samples = 100, .tensors = {}});
        std::uint64_t update = 0;
        for (; row < table.rows.size() && table.at(row, "case") == table.at(begin, "case"); ++row) {
            for (; update < std::stoull(table.at(row, "update")); ++update) {
                std::vector<float> gradient = gradients.at(table.at(begin, "gradients"))[update];
                optimizer.step(update, spec.lr * rates.at(table.at(begin, "rates"))[update], 0.0, 10, weights, gradient);
            }
            const double error = error_of(weights, recorded_weights(table, row));
            BOOST_TEST(error <= tolerance, label << ", after update " << update << ": off by " << error << " of the largest weight");
            worst = std::max(worst, error);
        }
        BOOST_TEST(update == 100, label);
        ++cases;
    }
    BOOST_TEST_MESSAGE(cases << " runs, at most " << worst << " of the largest weight off");
    BOOST_TEST(cases >= 300);
}

BOOST_AUTO_TEST_CASE(every_preset_of_an_optimizer_in_the_table_is_there) {
    Registry registry = shipped_plugins();
    const Table table = read_table_file("optimizers.csv");
    std::set<std::string> names, recorded;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        names.insert(table.at(row, "optimizer"));
        recorded.insert(table.at(row, "optimizer") + " " + table.at(row, "preset"));
    }
    for (const char* name : {"sgd", "rmsprop", "adagrad", "adadelta", "adam", "adamw"}) BOOST_TEST(names.contains(name), name);
    for (const std::string& name : names)
        for (const PresetInfo& preset : registry.require(PluginKind::optimizer, name).presets)
            BOOST_TEST(recorded.contains(name + " " + preset.name), name << " " << preset.name);
}

BOOST_AUTO_TEST_CASE(presets_bring_the_rates_of_their_frameworks) {
    struct Case { const char *optimizer, *preset; double lr; };
    Registry registry = shipped_plugins();
    for (const Case& c : std::vector<Case>{
             {"sgd", "", 0.01}, {"sgd", "pytorch", 1e-3}, {"sgd", "keras2", 0.01}, {"sgd", "keras3", 0.01}, {"sgd", "mxnet", 0.1},
             {"rmsprop", "", 0.01}, {"rmsprop", "pytorch", 0.01}, {"rmsprop", "keras2", 1e-3}, {"rmsprop", "keras3", 1e-3},
             {"adagrad", "", 0.01}, {"adagrad", "keras2", 0.01}, {"adagrad", "keras3", 1e-3},
             {"adadelta", "", 1.0}, {"adadelta", "keras2", 1.0}, {"adadelta", "keras3", 1e-3}, {"adadelta", "paper", 1.0},
             {"adam", "", 1e-3}, {"adam", "keras2", 1e-3}, {"adam", "fastai", 1e-3}, {"adamw", "", 1e-3}}) {
        const Plugin& plugin = registry.require(PluginKind::optimizer, c.optimizer);
        BOOST_TEST(optimizer_spec(plugin, c.preset, std::nullopt, "").lr == c.lr, c.optimizer << " " << c.preset);
    }
}

BOOST_AUTO_TEST_CASE(a_weight_that_never_had_a_gradient_stays_where_it_is_also_without_eps) {
    Registry registry = shipped_plugins();
    for (const char* name : {"adam", "adamw", "adagrad", "rmsprop", "adadelta"}) {
        const Plugin& plugin = registry.require(PluginKind::optimizer, name);
        const OptimizerSpec spec = optimizer_spec(plugin, "", 0.1, "eps=0;weight_decay=0");
        SteppedOptimizer optimizer(plugin, spec, {0.5f, -2.0f});
        for (std::uint64_t update = 0; update < 5; ++update) optimizer.step(update, 0.1, std::vector<float>{0.0f, 1.0f});
        BOOST_TEST(optimizer.weights()[0] == 0.5f, name);
        BOOST_TEST(std::isfinite(optimizer.weights()[1]), name);
    }
}

BOOST_AUTO_TEST_CASE(a_corrected_velocity_begins_anew_after_an_update_at_rate_0) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::optimizer, "sgd");
    const OptimizerSpec spec = optimizer_spec(plugin, "", 0.5, "momentum=0.5;momentum_form=velocity_corrected");
    SteppedOptimizer optimizer(plugin, spec, {1.0f});
    const std::vector<float> gradient{1.0f};
    optimizer.step(0, 0.5, gradient);  // v = -.5
    optimizer.step(1, 0.0, gradient);
    BOOST_TEST(optimizer.weights()[0] == 0.5f);
    optimizer.step(2, 0.25, gradient);  // v = -.25
    BOOST_TEST(optimizer.weights()[0] == 0.25f);
    optimizer.step(3, 0.5, gradient);  // v = .5 (.5 / .25) (-.25) - .5 = -.75
    BOOST_TEST(optimizer.weights()[0] == -0.5f);
}

BOOST_AUTO_TEST_CASE(adam_keeps_the_products_of_its_betas) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::optimizer, "adam");
    const OptimizerSpec spec = optimizer_spec(plugin, "", 0.1, "beta1=0.5;beta2=0.75");
    BoundOptimizer optimizer(plugin, spec, 1, {.length = {3, 1}, .seed = 0, .samples = 1, .tensors = {}});
    std::vector<float> weights{1.0f}, gradient{1.0f};
    for (std::uint64_t update = 0; update < 3; ++update) optimizer.step(update, 0.1, 0.0, 1, weights, gradient);
    BOOST_TEST(optimizer.scalars()[0] == 0.125);
    BOOST_TEST(optimizer.scalars()[1] == 0.421875);
}

BOOST_AUTO_TEST_SUITE_END()
