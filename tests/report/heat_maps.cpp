#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fmt/format.h>

#include "report/figures.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace etude;
using etude::test::TemporaryFolder;

struct Cell {
    std::vector<std::string> cells;
    double accuracy;
};

Results results_of(const std::vector<std::string>& columns, const std::vector<Cell>& given) {
    const TemporaryFolder folder;
    Store store = Store::open(folder.path(), Store::Access::write);
    Plan plan;
    plan.columns = columns, plan.metrics = {"test_accuracy"};
    for (const Cell& cell : given) {
        const std::string id = fmt::format("{:016x}", plan.trials.size());
        plan.trials.push_back({id, 0, plan.configurations.size()});
        plan.configurations.push_back({cell.cells, id, ""});
        Record record;
        record.curves = {{"test_accuracy", {static_cast<float>(cell.accuracy)}, cell.accuracy}};
        record.epochs = 1;
        store.put({id, 0, "", record, {}});
    }
    store.put_plan(plan);
    return load_results(store);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(heat_maps)

BOOST_AUTO_TEST_CASE(a_cell_is_the_best_of_what_is_not_on_the_axes) {
    const auto figures = heat_map_figures(results_of(
        {"lr", "momentum", "k"},
        {{{"0.1", "0", "1"}, 0.5}, {{"0.1", "0", "2"}, 0.8}, {{"0.1", "0.9", "1"}, 0.6}, {{"0.01", "0", "1"}, 0.4}, {{"0.01", "0.9", "2"}, 0.9}}));
    BOOST_TEST_REQUIRE(figures.size() == 1U);
    const Panel& panel = figures[0].panels.at(0);  // lr, momentum
    BOOST_TEST((panel.x.label == "lr" && panel.y.label == "momentum"));
    BOOST_TEST((panel.raster.columns == 2U && panel.raster.rows == 2U));
    // Rows from the bottom, rates from the smallest: worst and best are the ends of the ramp.
    BOOST_TEST(panel.raster.colors[0] == 0x440154U);
    BOOST_TEST(panel.raster.colors[3] != panel.raster.colors[1]);
    BOOST_TEST(panel.raster.colors[2] == 0xFDE725U);
    std::vector<std::string> words;
    for (const Series& series : panel.series) words.insert(words.end(), series.texts.begin(), series.texts.end());
    BOOST_TEST(words == (std::vector<std::string>{"0.400", "0.600", "0.800", "0.900"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(settings_that_move_together_have_no_map) {
    BOOST_TEST(heat_map_figures(results_of({"lr", "end"}, {{{"1", "0.1"}, 0.5}, {{"0.1", "0.01"}, 0.6}, {{"0.01", "0.001"}, 0.7}})).empty());
}

BOOST_AUTO_TEST_CASE(the_colours_of_a_loss_run_the_other_way_and_a_hole_is_grey) {
    Results results = results_of({"lr", "k"}, {{{"1", "0"}, 0.5}, {{"1", "1"}, 0.1}, {{"2", "0"}, 0.3}});
    results.plan.metric.name = "test_loss";
    const auto figures = heat_map_figures(results);
    BOOST_TEST_REQUIRE(figures.size() == 1U);
    const auto& colors = figures[0].panels[0].raster.colors;
    BOOST_TEST(colors[0] == 0x440154U);
    BOOST_TEST(colors[2] == 0xFDE725U);
    BOOST_TEST(colors[3] == 0xE8E8E8U);
}

BOOST_AUTO_TEST_CASE(of_many_long_numbers_only_some_stand_below_the_cells) {
    std::vector<Cell> cells;
    for (int i = 0; i < 25; ++i)
        for (const char* other : {"0", "1"}) cells.push_back({{fmt::format("{:.6g}", std::pow(10.0, -3 + i / 8.0)), other}, 0.5 + i / 100.0});
    const auto figures = heat_map_figures(results_of({"lr", "k"}, cells));
    BOOST_TEST_REQUIRE(figures.size() == 1U);
    const auto& tics = figures[0].panels[0].x.tics;
    BOOST_TEST(figures[0].panels[0].raster.columns == 25U);
    BOOST_TEST((tics.size() >= 3U && tics.size() <= 8U), tics.size());
    BOOST_TEST(tics[0].first == 0.5);
    BOOST_TEST(figures[0].panels[0].y.tics.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
