#include "statistics/rate_axis.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "statistics/paired.hpp"
#include "statistics/profile.hpp"
#include "statistics/wilcoxon.hpp"

using namespace etude;

namespace {

const std::vector<double> decades{1e-4, 1e-3, 1e-2, 1e-1, 1};
using Values = std::vector<double>;

}  // namespace

BOOST_AUTO_TEST_SUITE(rate_axis)

BOOST_AUTO_TEST_CASE(a_basin_is_the_widest_run_of_good_rates) {
    const Basin two = basin_of(decades, {false, false, true, true, false}, 3);
    BOOST_TEST(two.low == 1e-2);
    BOOST_TEST(two.high == 1e-1);
    BOOST_TEST(two.decades == 1, boost::test_tools::tolerance(1e-12));
    const Basin elsewhere = basin_of(decades, {true, true, true, false, true}, 4);
    BOOST_TEST(elsewhere.low == 1e-4);
    BOOST_TEST(elsewhere.high == 1e-2);
    const Basin tie = basin_of(decades, {true, true, false, true, true}, 4);
    BOOST_TEST(tie.low == 1e-1);
    const Basin alone = basin_of(decades, {false, false, true, false, false}, 2);
    BOOST_TEST(alone.low == alone.high);
    BOOST_TEST(alone.decades == 0);
    BOOST_TEST(basin_of(decades, std::vector<bool>(5, true), 0).decades == 4, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(sensitivity_is_the_mean_of_clipped_losses_above_the_best) {
    BOOST_TEST(lr_sensitivity(Values{2.0, 1.0, 0.5, 5.0}, 2.5) == (2.0 + 1.0 + 0.5 + 2.5) / 4 - 0.5, boost::test_tools::tolerance(1e-15));
    const double inf = std::numeric_limits<double>::infinity();
    BOOST_TEST(lr_sensitivity(Values{inf, 1.0, -inf, std::nan("")}, 3) == (3 + 1 + 3 + 3) / 4.0 - 1, boost::test_tools::tolerance(1e-15));
    BOOST_TEST(lr_sensitivity(Values{7, 8}, 3) == 0);
}

BOOST_AUTO_TEST_CASE(the_stability_edge_lies_where_most_trials_begin_to_diverge) {
    const StabilityEdge edge = stability_edge(decades, Values{0, 0, 0.1, 0.5, 0.6});
    BOOST_TEST(edge.stable.value() == 1e-1);
    BOOST_TEST(edge.unstable.value() == 1);
    BOOST_TEST(!stability_edge(decades, Values{0, 0, 0, 0, 0}).unstable);
    BOOST_TEST(!stability_edge(decades, Values{1, 0, 0, 0, 0}).stable);
}

BOOST_AUTO_TEST_CASE(beyond_an_edge_the_grid_goes_on_with_its_steps) {
    BOOST_TEST(rates_to_add(decades, 4) == (Values{10, 100}), boost::test_tools::per_element());
    BOOST_TEST(rates_to_add(decades, 0) == (Values{1e-5, 1e-6}), boost::test_tools::per_element());
    BOOST_TEST(rates_to_add(Values{0.1, 0.3}, 1) == (Values{0.9, 2.7}), boost::test_tools::per_element());
    BOOST_TEST(rates_to_add(decades, 2).empty());
}

BOOST_AUTO_TEST_CASE(profiles_are_those_of_a_table_worked_by_hand) {
    // Costs of two solvers on four problems; the third is solved by the second alone, the fourth by none.
    const auto profiles = performance_profiles({{10, 30, {}, {}}, {20, 15, 7, {}}});
    BOOST_TEST(profiles[0].taus == (Values{1, 2}), boost::test_tools::per_element());
    BOOST_TEST(profiles[0].shares == (Values{0.25, 0.5}), boost::test_tools::per_element());
    BOOST_TEST(profiles[1].shares == (Values{0.5, 0.75}), boost::test_tools::per_element());
    BOOST_TEST(performance_profiles({}).empty());
}

BOOST_AUTO_TEST_CASE(differences_without_spread_are_certain_or_none) {
    BOOST_TEST(paired_t(Values{0, 0, 0}).p.value() == 1);
    BOOST_TEST(paired_t(Values{0.5, 0.5}).p.value() == 0);
    BOOST_TEST(!paired_t(Values{0.5}).p);
    BOOST_TEST(signed_rank(Values{0, 0}).p == 1);
    BOOST_TEST(signed_rank(Values{}).p == 1);
    BOOST_TEST(signed_rank(Values{1, 2, 3}).effect() == 1);
    BOOST_TEST(signed_rank(Values{-1, 2}).effect() == 1.0 / 3, boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_SUITE_END()
