#include "train/early_stop.hpp"

#include <boost/test/unit_test.hpp>

#include "support/trials.hpp"

using namespace etude;
using namespace etude::test;

namespace {

/// Epochs until it ends; 0: it does not.
std::uint64_t ends_after(const EarlyStopSpec& spec, const std::vector<float>& values) {
    EarlyStop stop(spec);
    for (std::size_t i = 0; i < values.size(); ++i)
        if (stop.add(values[i])) return i + 1;
    return 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(train_early_stop)

BOOST_AUTO_TEST_CASE(patience_counts_epochs_in_a_row_without_improvement) {
    // Keras 3's EarlyStopping(patience=p, min_delta=d) stops after these epochs (worked by hand after its on_epoch_end)
    const std::vector<float> losses{1.0f, 0.8f, 0.9f, 0.7f, 0.71f, 0.72f, 0.69f, 0.8f, 0.8f, 0.8f};
    BOOST_TEST(ends_after({.metric = "test_loss", .patience = 1}, losses) == 3u);
    BOOST_TEST(ends_after({.metric = "test_loss", .patience = 2}, losses) == 6u);
    BOOST_TEST(ends_after({.metric = "test_loss", .patience = 3}, losses) == 10u);
    BOOST_TEST(ends_after({.metric = "test_loss", .patience = 4}, losses) == 0u);
    BOOST_TEST(ends_after({.metric = "test_loss", .patience = 3, .min_delta = 0.05}, losses) == 7u);  // 0.69 is better than 0.7 by no more than 0.05
    BOOST_TEST(ends_after({.metric = "test_loss", .patience = 1, .min_epochs = 5}, losses) == 5u);
}

BOOST_AUTO_TEST_CASE(an_accuracy_is_better_when_it_is_larger) {
    BOOST_TEST(ends_after({.metric = "test_accuracy", .patience = 2}, {0.1f, 0.2f, 0.3f, 0.3f, 0.29f}) == 5u);
    BOOST_TEST(ends_after({.metric = "test_loss", .patience = 2}, {0.1f, 0.2f, 0.3f, 0.3f, 0.29f}) == 3u);
}

BOOST_FIXTURE_TEST_CASE(a_trial_that_ends_early_is_the_beginning_of_the_whole_one, WithPlugins) {
    TrialSpec trial = blobs_trial(registry, 100, 60, 0.5);
    const Record whole = run(trial, registry);
    trial.early_stop = EarlyStopSpec{.metric = "test_loss", .patience = 2};
    const Record early = run(trial, registry);
    BOOST_TEST(early.epochs == ends_after(*trial.early_stop, whole.find("test_loss")->values));
    BOOST_TEST_REQUIRE(early.epochs < whole.epochs);
    BOOST_TEST((early.status == Status::completed));
    for (std::size_t c = 0; c < whole.curves.size(); ++c)
        BOOST_TEST(std::equal(early.curves[c].values.begin(), early.curves[c].values.end(), whole.curves[c].values.begin()));
    BOOST_TEST(early.decision.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
