// Every wrapper against tables in float64 (oracles/make_wrappers.py), from PyTorch where it has the method and from the papers elsewhere: 100
// updates of SGD and Adam (and the optimizer armijo, which looks around), weights and the point to evaluate at, under every instruction set.
#include <stdlib.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "base/files.hpp"
#include "base/isa.hpp"
#include "base/text.hpp"
#include "wrappers/kinds.hpp"
#include "wrappers/settings.hpp"

using namespace etude;
using namespace etude::test;

namespace {

/// Of the largest weight.
constexpr double tolerance = 5e-6;
constexpr std::size_t count = 27;

std::vector<std::vector<std::string>> rows_of_file(const std::string& name) {
    std::vector<std::vector<std::string>> rows;
    for (const std::string& line : split(read_file(std::filesystem::path(ETUDE_SOURCE_DIR) / "tests/wrappers/oracles/tables" / name), '\n'))
        if (!line.empty()) rows.push_back(split(line, ','));
    return rows;
}

std::vector<double> numbers(const std::vector<std::string>& cells, std::size_t from) {
    std::vector<double> values;
    for (std::size_t i = from; i < cells.size(); ++i) values.push_back(parse_real(cells[i]).value());
    return values;
}

std::vector<float> floats(const std::vector<double>& values) { return {values.begin(), values.end()}; }

/// The layout of the script.
std::vector<etude_tensor> tensors() {
    return {{0, 12, {4, 3, 1, 1, 1}, 2, ETUDE_WEIGHT, 1, 0},
            {12, 4, {4, 1, 1, 1, 1}, 1, ETUDE_BIAS, 1, 0},
            {16, 8, {2, 2, 2, 1, 1}, 4, ETUDE_WEIGHT, 1, 0},
            {24, 3, {3, 1, 1, 1, 1}, 1, ETUDE_SCALE, 1, 0}};
}

/// sum a (w - b)^2 / 2 + sin(w_i + w_(i+1)), where b moves from update to update.
class Surface : public BatchLoss {
  public:
    std::uint64_t update = 0;
    double loss(std::span<const float> point) override {
        std::vector<float> unused(count);
        return gradient(point, unused);
    }
    double gradient(std::span<const float> point, std::span<float> gradients) override {
        const std::vector<double> w(point.begin(), point.end());
        std::vector<double> g(count);
        double sum = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const double a = 0.25 + static_cast<double>(i % 5) / 4;
            const double b = static_cast<double>((i * 7) % 11) / 8 - 0.5 + std::sin(0.7 * static_cast<double>(update) + static_cast<double>(i));
            sum += a * (w[i] - b) * (w[i] - b) / 2;
            g[i] += a * (w[i] - b);
            if (i + 1 == count) break;
            sum += std::sin(w[i] + w[i + 1]);
            g[i] += std::cos(w[i] + w[i + 1]);
            g[i + 1] += std::cos(w[i] + w[i + 1]);
        }
        std::ranges::transform(g, gradients.begin(), [](double value) { return static_cast<float>(value); });
        return sum;
    }
};

/// Largest difference over the largest weight.
double error_of(std::span<const float> got, const std::vector<double>& expected) {
    double difference = 0, largest = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        largest = std::max(largest, std::abs(expected[i]));
        difference = std::max(difference, std::isfinite(got[i]) ? std::abs(double{got[i]} - expected[i]) : INFINITY);
    }
    return difference / largest;
}

using Rows = std::vector<std::vector<std::string>>;

/// The rows of each case.
std::map<std::size_t, Rows> recorded_cases() {
    std::map<std::size_t, Rows> cases;
    for (const auto& row : rows_of_file("wrappers.csv"))
        if (row[0] != "case") cases[std::stoul(row[0])].push_back(row);
    return cases;
}

/// Weights and points of one case at the updates that are recorded, one after the other.
std::vector<std::vector<float>> run(Registry& registry, const Rows& rows) {
    const auto& head = rows.front();
    const Plugin& plugin = registry.require(PluginKind::optimizer, head[1]);
    const double lr = parse_real(head[2]).value();
    const OptimizerSpec spec = wrapped_spec(plugin, lr, head[3], head[4]);
    WrappedOptimizer optimizer(plugin, spec, count, {.length = {100, 10}, .seed = 0, .samples = 100, .tensors = tensors()});
    const bool on_surface = head[5] == "surface";
    BOOST_TEST(optimizer.looks_around() == on_surface);
    Surface surface;
    NoSurface none;
    const Rows recorded = rows_of_file("gradients.csv");
    std::vector<float> weights = floats(numbers(rows_of_file("start.csv").front(), 0)), gradients, point(count);
    std::vector<std::vector<float>> results;
    std::uint64_t update = 0;
    for (const auto& row : rows) {
        for (; update < std::stoull(row[6]); ++update) {
            gradients = floats(numbers(recorded[update], 0));
            surface.update = update;
            const double loss = on_surface ? surface.gradient(weights, gradients) : 0.0;
            optimizer.step(update, lr, loss, 10, weights, gradients, on_surface ? static_cast<BatchLoss&>(surface) : none);
        }
        point = weights;
        if (row[7] == "point" && optimizer.has_evaluation_point()) optimizer.evaluation_point(update - 1, weights, point);
        results.push_back(point);
    }
    return results;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wrapper_tables)

BOOST_AUTO_TEST_CASE(every_wrapper_follows_its_reference_over_100_updates) {
    Registry registry = shipped_optimizers();
    double worst = 0;
    for (const auto& [number, rows] : recorded_cases()) {
        const std::vector<std::vector<float>> got = run(registry, rows);
        BOOST_TEST(rows.back()[6] == "100");
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const double error = error_of(got[i], numbers(rows[i], 8));
            worst = std::max(worst, error);
            BOOST_TEST(error <= tolerance, rows[i][1] << " with " << rows[i][4] << ", " << rows[i][7] << " after update " << rows[i][6] << ": off by "
                                                      << error << " of the largest weight");
        }
    }
    BOOST_TEST_MESSAGE("at most " << worst << " of the largest weight off");
}

BOOST_AUTO_TEST_CASE(every_wrapper_is_in_the_table) {
    std::set<std::string> recorded;
    for (const auto& [number, rows] : recorded_cases())
        for (const std::string& part : split(rows.front()[4], '+')) recorded.insert(std::string(trim(part.substr(0, part.find(' ', 1)))));
    for (const Kind& kind : wrapper_kinds())
        if (kind.name != "accumulate") BOOST_TEST(recorded.contains(kind.name), kind.name);  // that is the trainer's, and tested there
}

BOOST_AUTO_TEST_CASE(every_instruction_set_gives_the_same_bits) {
    Registry registry = shipped_optimizers();
    for (const auto& [number, rows] : recorded_cases()) {
        std::vector<std::vector<float>> expected;
        for (const Isa isa : available_isas()) {
            ::setenv("ETUDE_ISA", std::string(isa_name(isa)).c_str(), 1);
            const auto got = run(registry, rows);
            ::unsetenv("ETUDE_ISA");
            if (expected.empty()) expected = got;
            BOOST_TEST(got == expected, rows.front()[1] << " with " << rows.front()[4] << " under " << isa_name(isa));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
