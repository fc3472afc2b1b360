#include "store/store.hpp"

#include <bit>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "store/runs.hpp"
#include "store/trials.hpp"
#include "support/temporary_folder.hpp"

using namespace etude;
using test::full_trial;
using test::plain_trial;
using test::TemporaryFolder;

namespace {

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

void check_same_bits(const std::vector<double>& a, const std::vector<double>& b, const std::string& what) {
    BOOST_TEST_REQUIRE(a.size() == b.size(), what);
    for (std::size_t i = 0; i < a.size(); ++i) BOOST_TEST(bits(a[i]) == bits(b[i]), what << " " << i);
}

void check_same(const Record& a, const Record& b) {
    BOOST_TEST(status_word(a.status) == status_word(b.status));
    BOOST_TEST(a.message == b.message);
    BOOST_TEST_REQUIRE(a.curves.size() == b.curves.size());
    for (std::size_t i = 0; i < a.curves.size(); ++i) {
        BOOST_TEST(a.curves[i].metric == b.curves[i].metric);
        BOOST_TEST(bits(a.curves[i].final) == bits(b.curves[i].final), a.curves[i].metric);
        BOOST_TEST_REQUIRE(a.curves[i].values.size() == b.curves[i].values.size());
        for (std::size_t e = 0; e < a.curves[i].values.size(); ++e)
            BOOST_TEST(std::bit_cast<std::uint32_t>(a.curves[i].values[e]) == std::bit_cast<std::uint32_t>(b.curves[i].values[e]));
    }
    check_same_bits(a.epoch_lr, b.epoch_lr, "epoch_lr");
    check_same_bits(a.update_lr, b.update_lr, "update_lr");
    check_same_bits({a.last_lr, a.wall_seconds}, {b.last_lr, b.wall_seconds}, "last_lr, wall_seconds");
    BOOST_TEST(a.epochs == b.epochs);
    BOOST_TEST(a.updates == b.updates);
    BOOST_TEST((a.diverged_at == b.diverged_at));
    BOOST_TEST_REQUIRE(a.counts_as.size() == b.counts_as.size());
    for (std::size_t i = 0; i < a.counts_as.size(); ++i) {
        BOOST_TEST(a.counts_as[i].first == b.counts_as[i].first);
        BOOST_TEST(bits(a.counts_as[i].second) == bits(b.counts_as[i].second));
    }
    BOOST_TEST_REQUIRE(a.landscape.has_value() == b.landscape.has_value());
    if (!a.landscape) return;
    BOOST_TEST((a.landscape->spec == b.landscape->spec));
    check_same_bits(a.landscape->losses, b.landscape->losses, "landscape");
}

void check_same(const DecisionMap& a, const DecisionMap& b) {
    check_same_bits({a.x_min, a.x_max, a.y_min, a.y_max}, {b.x_min, b.x_max, b.y_min, b.y_max}, "bounds");
    BOOST_TEST(a.columns == b.columns);
    BOOST_TEST(a.rows == b.rows);
    BOOST_TEST(a.classes == b.classes, boost::test_tools::per_element());
    BOOST_TEST(a.samples == b.samples);
}

Plan full_plan() {
    Plan plan{"warm-up", "学习率的预热有用吗? \"quoted\"\nsecond line", {MetricSpec::At::epoch, "test_loss", false, 3},
              TargetSpec{"test_accuracy", 0.1 + 0.2}, {"schedule", "optimizer.lr"}, {}, {}, {"train_loss", "test_loss"}, {"a warning"}};
    plan.configurations = {{{"{name: step, length: 3}", ""}, "step", "lr: 0.1\n"}, {{"", "0.1"}, "", ""}};
    plan.trials = {{"00000000000000ff", 0, 0}, {"ffffffffffffffff", std::numeric_limits<std::uint64_t>::max(), 1}};
    return plan;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store)

BOOST_AUTO_TEST_CASE(every_bit_of_a_trial_comes_back) {
    const TemporaryFolder folder;
    const StoredTrial trial = full_trial("0123456789abcdef");
    Store::open(folder.path(), Store::Access::write, "s").put(trial);
    const auto found = Store::open(folder.path(), Store::Access::read, "s").find(trial.id);
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->id == trial.id);
    BOOST_TEST(found->seed == trial.seed);
    BOOST_TEST(found->resolved == trial.resolved);
    BOOST_TEST((found->provenance == trial.provenance));
    check_same(found->record, trial.record);
    BOOST_TEST_REQUIRE(found->record.decision.has_value());
    check_same(*found->record.decision, *trial.record.decision);
}

BOOST_AUTO_TEST_CASE(a_trial_put_again_replaces_the_first_with_all_its_parts) {
    const TemporaryFolder folder;
    Store store = Store::open(folder.path(), Store::Access::write);
    store.put(full_trial("aaaaaaaaaaaaaaaa"));
    const StoredTrial second = plain_trial("aaaaaaaaaaaaaaaa", 0.5);
    store.put(second);
    const auto found = store.find("aaaaaaaaaaaaaaaa");
    BOOST_TEST_REQUIRE(found.has_value());
    check_same(found->record, second.record);
    BOOST_TEST(!found->record.decision.has_value());
}

BOOST_AUTO_TEST_CASE(an_unknown_id_is_not_there) {
    const TemporaryFolder folder;
    BOOST_TEST(!Store::open(folder.path(), Store::Access::write).find("0000000000000000").has_value());
}

BOOST_AUTO_TEST_CASE(completed_and_diverged_trials_are_finished_and_failed_ones_are_not) {
    const TemporaryFolder folder;
    Store store = Store::open(folder.path(), Store::Access::write);
    const std::vector<std::pair<std::string, Status>> trials{
        {"completed", Status::completed}, {"diverged", Status::diverged}, {"failed", Status::failed}, {"pruned", Status::pruned}};
    for (const auto& [id, status] : trials) {
        StoredTrial trial = plain_trial(id, 0.5);
        trial.record.status = status;
        store.put(trial);
    }
    const auto ids = store.ids();
    BOOST_TEST((ids == std::set<std::string>{"completed", "diverged"}));
}

BOOST_AUTO_TEST_CASE(runs_longer_than_a_byte_can_count_are_kept) {
    for (const std::size_t length : {0U, 1U, 255U, 256U, 257U, 1000U}) {
        std::vector<std::uint8_t> classes(length, 3);
        classes.insert(classes.end(), {0, 0, 255, 3});
        BOOST_TEST(from_runs(to_runs(classes)) == classes, boost::test_tools::per_element());
    }
    BOOST_TEST(to_runs(std::vector<std::uint8_t>(10000, 1)).size() == 80U);
}

BOOST_AUTO_TEST_CASE(a_plan_comes_back_whole_and_a_new_one_replaces_it) {
    const TemporaryFolder folder;
    Store store = Store::open(folder.path(), Store::Access::write);
    Plan plan = full_plan();
    store.put_plan(plan);
    BOOST_TEST((store.plan() == plan));
    plan.trials.pop_back();
    plan.target.reset();
    store.put_plan(plan);
    BOOST_TEST((Store::open(folder.path(), Store::Access::read).plan() == plan));
}

BOOST_AUTO_TEST_CASE(samples_come_back_and_are_kept_when_put_again) {
    const TemporaryFolder folder;
    Store store = Store::open(folder.path(), Store::Access::write);
    store.put_samples("blobs", {{1.5F, -2}, {3, 0.1F}, {0, -1}});
    store.put_samples("blobs", {{9}, {9}, {9}});
    const auto samples = store.samples("blobs");
    BOOST_TEST_REQUIRE(samples.has_value());
    BOOST_TEST(samples->x == (std::vector<float>{1.5F, -2}), boost::test_tools::per_element());
    BOOST_TEST(samples->y == (std::vector<float>{3, 0.1F}), boost::test_tools::per_element());
    BOOST_TEST(samples->labels == (std::vector<std::int32_t>{0, -1}), boost::test_tools::per_element());
    BOOST_TEST(!store.samples("moons").has_value());
}

BOOST_AUTO_TEST_CASE(the_next_run_finds_what_the_last_one_stored) {
    const TemporaryFolder folder;
    const auto place = folder.path() / "deep" / "study #1 100%?";
    {
        Store store = Store::open(place, Store::Access::write, "s");
        store.put(plain_trial("one", 0.1));
        store.put(plain_trial("two", 0.2));
    }
    Store store = Store::open(place, Store::Access::write, "s");
    BOOST_TEST((store.ids() == std::set<std::string>{"one", "two"}));
    store.put(plain_trial("three", 0.3));
    BOOST_TEST(store.ids().size() == 3U);
    BOOST_TEST(store.folder() == place);
}

BOOST_AUTO_TEST_CASE(a_reader_sees_what_a_writer_has_put_so_far) {
    const TemporaryFolder folder;
    Store writer = Store::open(folder.path(), Store::Access::write);
    writer.put(plain_trial("one", 0.1));
    const Store reader = Store::open(folder.path(), Store::Access::read);
    BOOST_TEST(reader.ids().size() == 1U);
    writer.put(plain_trial("two", 0.1));
    BOOST_TEST(reader.ids().size() == 2U);
}

BOOST_AUTO_TEST_CASE(nothing_but_the_database_stays_behind) {
    const TemporaryFolder folder;
    Store::open(folder.path(), Store::Access::write).put(plain_trial("one", 0.1));
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) names.insert(entry.path().filename());
    BOOST_TEST((names == std::set<std::string>{"etude.sqlite"}));
}

BOOST_AUTO_TEST_CASE(provenance_says_where_and_with_what_it_was_computed) {
    const Provenance here = provenance_here();
    for (const std::string& word : {here.host, here.cpu, here.isa, here.onednn, here.compiler, here.etude}) BOOST_TEST(!word.empty());
    BOOST_TEST(here.finished_at.empty());
    BOOST_TEST((here == provenance_here()));
}

BOOST_AUTO_TEST_CASE(status_words_are_read_back) {
    for (const Status status : {Status::completed, Status::diverged, Status::failed, Status::pruned})
        BOOST_TEST((status_from_word(status_word(status)) == status));
    BOOST_TEST(!status_from_word("done").has_value());
}

BOOST_AUTO_TEST_CASE(the_version_tells_a_reader_of_new_trials_and_plans) {
    const TemporaryFolder folder;
    Store writer = Store::open(folder.path(), Store::Access::write);
    Plan plan;
    plan.study = "watched";
    writer.put_plan(plan);
    const auto version = [&] { return Store::open(folder.path(), Store::Access::read).version(); };
    const std::string empty = version();
    BOOST_TEST(version() == empty);
    StoredTrial trial;
    trial.id = "0123456789abcdef";
    trial.record.wall_seconds = 0.5;
    writer.put(trial);
    const std::string one = version();
    BOOST_TEST(one != empty);
    trial.record.wall_seconds = 0.25;  // done again, in the same place
    writer.put(trial);
    BOOST_TEST(version() != one);
    const std::string again = version();
    plan.question = "another";
    writer.put_plan(plan);
    BOOST_TEST(version() != again);
}

BOOST_AUTO_TEST_SUITE_END()
