// The range test: its rules against tables/range_test.csv (NumPy, re-derived from the definitions), and the trial that runs it.
#include "train/range_test.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <fstream>

#include "base/text.hpp"
#include "support/trials.hpp"

namespace tt = boost::test_tools;
using namespace etude;
using namespace etude::test;

namespace {

struct Case {
    std::string name;
    RangeTestSpec spec;
    std::array<std::optional<double>, range_rule_count> suggestions;
    std::optional<std::size_t> diverged_at;
    bool falls = false;
    std::vector<float> losses;
};

std::vector<Case> cases() {
    std::ifstream file(ETUDE_SOURCE_DIR "/tests/train/tables/range_test.csv");
    std::vector<Case> all;
    std::string line, losses;
    std::getline(file, line);
    while (std::getline(file, line) && std::getline(file, losses)) {
        const std::vector<std::string> f = split(line, ',');
        BOOST_TEST_REQUIRE(f.size() == 14u);
        const auto maybe = [&](std::size_t i) { return parse_real(f[i]); };
        Case& c = all.emplace_back();
        c.name = f[0];
        c.spec = {.from = *maybe(1),
                  .to = *maybe(2),
                  .updates = static_cast<std::uint64_t>(*maybe(3)),
                  .ramp = f[4] == "linear" ? RangeTestSpec::Ramp::linear : RangeTestSpec::Ramp::exponential,
                  .smoothing = *maybe(5),
                  .stop_at = *maybe(6)};
        for (std::size_t rule = 0; rule < range_rule_count; ++rule) c.suggestions[rule] = maybe(7 + rule);
        if (const auto at = maybe(12)) c.diverged_at = static_cast<std::size_t>(*at);
        c.falls = f[13] == "1";
        for (const std::string& loss : split(losses, ',')) c.losses.push_back(static_cast<float>(*parse_real(loss)));
    }
    return all;
}

TrialSpec range_trial(Registry& registry, const RangeTestSpec& test) {
    TrialSpec trial = blobs_trial(registry, 200, 1, test.from);
    trial.range_test = test;
    trial.record_lr_per_update = true;
    return trial;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(range_test)

BOOST_AUTO_TEST_CASE(the_rules_say_what_numpy_says_of_the_same_losses) {
    const std::vector<Case> all = cases();
    BOOST_TEST_REQUIRE(all.size() == 15u);
    for (const Case& c : all) {
        const RangeAnalysis analysis = analyse_range(c.spec, c.losses);
        BOOST_TEST_CONTEXT(c.name) {
            BOOST_TEST(analysis.falls == c.falls);
            BOOST_TEST((analysis.diverged_at == c.diverged_at));
            for (std::size_t rule = 0; rule < range_rule_count; ++rule) {
                BOOST_TEST_CONTEXT(range_rule_words()[rule]) {
                    BOOST_TEST_REQUIRE(analysis.suggestions[rule].has_value() == c.suggestions[rule].has_value());
                    if (c.suggestions[rule]) BOOST_TEST(*analysis.suggestions[rule] == *c.suggestions[rule], tt::tolerance(1e-12));
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_curve_made_of_known_points_gives_them_back) {
    // ln L falls fastest between 1e-3 and 1e-2, is lowest at 1, and rises after it.
    const std::vector<double> rates{1e-4, 1e-3, 1e-2, 0.1, 1, 10}, losses{2.0, 1.9, 0.9, 0.7, 0.6, 3.0};
    BOOST_TEST(*steepest_place(rates, losses) == 1u);
    BOOST_TEST(*minimum_place(losses) == 4u);
    // The longest fall is places 0 to 4: length 5, end 4, so start 0 (clamped), a third is 1.67: place 0 + 1 + 0.
    BOOST_TEST(*valley_place(losses) == 1u);
    const std::vector<double> rising{1, 2, 3, 4};
    BOOST_TEST(!valley_place(rising).has_value());
    BOOST_TEST(!steepest_place(std::span(rates).first(4), rising).has_value());
    BOOST_TEST(!slide_place(rising).has_value());
}

BOOST_AUTO_TEST_CASE(the_steepest_point_is_found_over_the_logarithm_of_the_rate) {
    // Twice as deep a step, but over two decades: the other one is steeper.
    const std::vector<double> rates{1e-6, 1e-4, 1e-3}, losses{4, 2.5, 1};
    BOOST_TEST(*steepest_place(rates, losses) == 1u);
}

BOOST_AUTO_TEST_CASE(the_ramp_begins_and_ends_exactly_where_it_should) {
    const RangeTestSpec exponential{.from = 3e-7, .to = 7, .updates = 101},
        linear{.from = 0.1, .to = 0.3, .updates = 21, .ramp = RangeTestSpec::Ramp::linear};
    BOOST_TEST(range_rate(exponential, 0) == 3e-7);
    BOOST_TEST(range_rate(exponential, 100) == 7.0);
    BOOST_TEST(range_rate(exponential, 50) == std::sqrt(3e-7 * 7), tt::tolerance(1e-14));
    BOOST_TEST(range_rate(linear, 0) == 0.1);
    BOOST_TEST(range_rate(linear, 20) == 0.3);
    BOOST_TEST(range_rate(linear, 10) == 0.2, tt::tolerance(1e-14));
}

BOOST_FIXTURE_TEST_CASE(a_range_trial_keeps_rates_and_losses_and_ends_where_it_diverges, WithPlugins) {
    const RangeTestSpec test{.from = 1e-4, .to = 1e4, .updates = 200};
    const Record record = run(range_trial(registry, test), registry);
    BOOST_TEST((record.status == Status::completed), record.message);
    const Curve* losses = record.find(range_loss_curve);
    BOOST_TEST_REQUIRE(losses != nullptr);
    BOOST_TEST_REQUIRE(record.diverged_at.has_value());
    BOOST_TEST(losses->values.size() == *record.diverged_at + 1);
    BOOST_TEST(losses->values.size() < 200u);
    for (std::size_t i = 0; i < record.update_lr.size(); ++i) BOOST_TEST(record.update_lr[i] == range_rate(test, i));
    BOOST_TEST(record.find("divergence_rate")->final == range_rate(test, *record.diverged_at));
    BOOST_TEST(record.find("minimum") != nullptr);
}

BOOST_FIXTURE_TEST_CASE(the_losses_of_a_flat_ramp_are_those_of_ordinary_training, WithPlugins) {
    // From lr to lr (almost): epoch means of 20 updates, 4 an epoch, are the training losses of 5 epochs.
    const double lr = 0.05;
    const RangeTestSpec test{.from = lr, .to = lr * (1 + 1e-15), .updates = 20};
    TrialSpec ranged = range_trial(registry, test);
    ranged.train.batch = 25;
    TrialSpec ordinary = blobs_trial(registry, 200, 5, lr);
    ordinary.train.batch = 25;
    const Record a = run(ranged, registry), b = run(ordinary, registry);
    const auto& losses = a.find(range_loss_curve)->values;
    BOOST_TEST_REQUIRE(losses.size() == 20u);
    for (std::size_t epoch = 0; epoch < 5; ++epoch) {
        const double mean = (losses[4 * epoch] + losses[4 * epoch + 1] + losses[4 * epoch + 2] + losses[4 * epoch + 3]) / 4;
        BOOST_TEST(mean == b.find("train_loss")->values[epoch], tt::tolerance(1e-5));
    }
}

BOOST_FIXTURE_TEST_CASE(a_range_test_leaves_no_trace_in_what_is_trained_after_it, WithPlugins) {
    const TrialSpec ordinary = blobs_trial(registry, 200, 3, 0.1);
    const Record before = run(ordinary, registry);
    run(range_trial(registry, {.from = 1e-4, .to = 1e4, .updates = 100}), registry);
    const Record after = run(ordinary, registry);
    for (std::size_t i = 0; i < before.curves.size(); ++i) BOOST_TEST((before.curves[i].values == after.curves[i].values));
}

BOOST_AUTO_TEST_SUITE_END()
