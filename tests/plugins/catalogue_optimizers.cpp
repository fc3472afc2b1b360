// The optimizers of the catalogue against recorded tables (oracles/make_catalogue_optimizers.py): PyTorch's own in float64 where it has the
// method right, published formulas in float64 elsewhere; on a vector, on the tensors of a small net, and on wide and tall matrices.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <map>
#include <set>

#include "base/text.hpp"
#include "plugins/harness.hpp"

using namespace etude;
using namespace etude::test;

namespace {

/// Of the largest weight.
constexpr double tolerance = 5e-6;
const RunLength length{.updates = 100, .per_epoch = 10};

etude_tensor tensor(std::vector<std::size_t> dims, etude_role role) {
    const auto rank = static_cast<std::uint32_t>(dims.size());
    etude_tensor t{.offset = 0, .count = 1, .dims = {1, 1, 1, 1, 1}, .rank = rank, .role = role, .groups = 1, .reserved = 0};
    for (std::size_t i = 0; i < dims.size(); ++i) t.count *= t.dims[i] = dims[i];
    return t;
}

/// The layouts of the script.
std::vector<etude_tensor> layout(const std::string& name) {
    std::vector<etude_tensor> tensors;
    if (name == "vector") tensors = {tensor({12}, ETUDE_BIAS)};
    if (name == "net")
        tensors = {tensor({6, 5}, ETUDE_WEIGHT), tensor({6}, ETUDE_BIAS), tensor({3, 7}, ETUDE_WEIGHT), tensor({3, 2, 2, 2}, ETUDE_WEIGHT),
                   tensor({3}, ETUDE_SCALE)};
    if (name == "wide") tensors = {tensor({18, 37}, ETUDE_WEIGHT), tensor({18}, ETUDE_BIAS), tensor({25, 20}, ETUDE_WEIGHT)};
    BOOST_REQUIRE_MESSAGE(!tensors.empty(), name);
    for (std::size_t i = 1; i < tensors.size(); ++i) tensors[i].offset = tensors[i - 1].offset + tensors[i - 1].count;
    return tensors;
}

std::vector<float> floats(const std::vector<std::string>& cells, std::size_t from) {
    std::vector<float> values;
    for (std::size_t i = from; i < cells.size(); ++i) values.push_back(static_cast<float>(parse_real(cells[i]).value()));
    return values;
}

/// 100 updates of recorded gradients.
class Recording {
  public:
    const std::vector<std::vector<float>>& gradients(const std::string& layout, const std::string& kind) {
        auto& found = gradients_[layout + "_" + kind];
        if (!found.empty()) return found;
        const Table table = read_table_file("catalogue_optimizers_gradients_" + layout + "_" + kind + ".csv", Header::no);
        for (const auto& row : table.rows) found.push_back(floats(row, 0));
        return found;
    }
    std::vector<float> start(const std::string& layout) const {
        for (const auto& row : read_table_file("catalogue_optimizers_starts.csv", Header::no).rows)
            if (row[0] == layout) return floats(row, 1);
        throw std::logic_error("no start for layout " + layout);
    }
    static double factor(const std::string& rates, std::uint64_t update) {
        return rates == "varying" ? 0.55 + 0.45 * std::cos(static_cast<double>(update) * 0.37) : 1.0;
    }
    static double loss(std::uint64_t update) { return 1.5 + std::sin(static_cast<double>(update) * 0.7); }

  private:
    std::map<std::string, std::vector<std::vector<float>>> gradients_;
};

double error_of(std::span<const float> weights, const Table& table, std::size_t row) {
    double difference = 0, largest = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const double expected = parse_real(table.rows[row].at(table.columns.at("w0") + i)).value();
        largest = std::max(largest, std::abs(expected));
        difference = std::max(difference, std::isfinite(weights[i]) ? std::abs(double(weights[i]) - expected) : INFINITY);
    }
    return difference / largest;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(catalogue_optimizers)

BOOST_AUTO_TEST_CASE(every_optimizer_preset_and_option_follows_its_reference_over_100_updates) {
    Registry registry = shipped_plugins();
    const Table table = read_table_file("catalogue_optimizers.csv");
    Recording recording;
    std::size_t row = 0, cases = 0;
    std::map<std::string, double> worst;
    while (row < table.rows.size()) {
        const std::size_t begin = row;
        const auto cell = [&](std::string_view column) { return table.at(begin, column); };
        const Plugin& plugin = registry.require(PluginKind::optimizer, cell("optimizer"));
        const std::string label = "case " + cell("case") + ": " + cell("optimizer") + " " + cell("preset") + " " + cell("parameters") + ", " +
                                  cell("layout") + ", " + cell("gradients") + " gradients, " + cell("rates") + " rates";
        const OptimizerSpec spec = optimizer_spec(plugin, cell("preset"), parse_real(cell("lr")), cell("parameters"));
        std::vector<float> weights = recording.start(cell("layout")), point(weights.size());
        BoundOptimizer optimizer(plugin, spec, weights.size(), {.length = length, .seed = 0, .samples = 100, .tensors = layout(cell("layout"))});
        std::uint64_t update = 0;
        for (; row < table.rows.size() && table.at(row, "case") == cell("case"); ++row) {
            for (; update < std::stoull(table.at(row, "update")); ++update) {
                std::vector<float> gradient = recording.gradients(cell("layout"), cell("gradients"))[update];
                optimizer.step(update, spec.lr * Recording::factor(cell("rates"), update), Recording::loss(update), 10, weights, gradient);
            }
            const bool averaged = table.at(row, "what") == "point";
            if (averaged) {
                BOOST_REQUIRE_MESSAGE(optimizer.has_evaluation_point(), label);
                optimizer.evaluation_point(update - 1, weights, point);
            }
            const double error = error_of(averaged ? point : weights, table, row);
            BOOST_TEST(error <= tolerance, label << ", " << table.at(row, "what") << " after update " << update << ": off by " << error);
            worst[cell("optimizer")] = std::max(worst[cell("optimizer")], error);
        }
        ++cases;
    }
    for (const auto& [name, error] : worst) BOOST_TEST_MESSAGE(name << ": at most " << error << " of the largest weight off");
    BOOST_TEST(cases >= 700);
}

BOOST_AUTO_TEST_SUITE_END()
