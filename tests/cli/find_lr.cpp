// `etude find-lr` from a user's chair.
#include <boost/test/unit_test.hpp>

#include <filesystem>

#include "cli/etude.hpp"

using etude::test::run_etude;
using etude::test::Outcome;
using etude::test::slurp;
using etude::test::small_study;
using etude::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

std::string tables(const fs::path& folder) { return slurp(folder / "trials.csv") + slurp(folder / "summary.csv") + slurp(folder / "range_test.csv"); }

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_find_lr)

BOOST_AUTO_TEST_CASE(a_range_test_leaves_tables_a_figure_a_page_and_something_to_paste) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    const Outcome outcome = run_etude({"find-lr", study, "--seeds", "4", "--to", "1e4"}, {.folder = folder.path()});
    BOOST_TEST_REQUIRE(outcome.code == 0, outcome.err);
    const fs::path results = folder.path() / "runs/small.find-lr";
    for (const char* file : {"study.yaml", "resolved.yaml", "etude.sqlite", "trials.csv", "summary.csv", "timing.csv", "range_test.csv",
                             "report.html", "figures/range_test.svg"})
        BOOST_TEST(fs::exists(results / file), file);
    BOOST_TEST(slurp(results / "trials.csv")
                   .starts_with("trial,id,status,seed,steepest,valley,minimum,slide,divergence,divergence_rate,lr,epochs,diverged_at,score\n0,"));
    BOOST_TEST(slurp(results / "range_test.csv").starts_with("trial,seed,update,lr,loss,smoothed\n0,0,0,1e-6,"));
    for (const char* words : {"the valley suggests a rate of", "The loss diverges at a rate of", "steepest", "divergence / 10",
                              "sweep:\n  optimizer.lr: {log: [", "schedule: {name: one_cycle, max: "})
        BOOST_TEST(outcome.out.find(words) != std::string::npos, outcome.out);

    // The page can be drawn again, and the folder continues like any other.
    BOOST_TEST(run_etude({"report", results.string()}).code == 0);
    const std::string before = tables(results);
    const Outcome again = run_etude({"run", results.string()});
    BOOST_TEST(again.out.find("4 of 4 trials were done already\n") != std::string::npos, again.out + again.err);
    BOOST_TEST(tables(results) == before);
}

BOOST_AUTO_TEST_CASE(what_is_suggested_can_be_pasted_and_run) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    const std::string out = run_etude({"find-lr", study, "--seeds", "3", "--to", "1e4"}, {.folder = folder.path()}).out;
    const std::size_t sweep = out.find("sweep:\n"), schedule = out.find("schedule: {name: one_cycle");
    BOOST_TEST_REQUIRE(sweep != std::string::npos);
    BOOST_TEST_REQUIRE(schedule != std::string::npos);
    const std::string base = small_study.substr(0, small_study.find("sweep:"));
    const std::string swept = folder.write("swept.yaml", base + out.substr(sweep, schedule - sweep)).string();
    BOOST_TEST(run_etude({"run", swept, "seeds=1", "--out", (folder.path() / "a").string()}).code == 0);
    const std::string cycled = folder.write("cycled.yaml", base + out.substr(schedule, out.find('\n', schedule) - schedule) + "\n").string();
    BOOST_TEST(run_etude({"run", cycled, "seeds=1", "--out", (folder.path() / "b").string()}).code == 0);
}

BOOST_AUTO_TEST_CASE(the_bytes_are_the_same_for_one_worker_and_two) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    for (const std::string jobs : {"1", "2"})
        BOOST_TEST(run_etude({"find-lr", study, "-j", jobs, "--seeds", "5", "--out", (folder.path() / jobs).string()}).code == 0);
    BOOST_TEST(tables(folder.path() / "1") == tables(folder.path() / "2"));
}

BOOST_AUTO_TEST_CASE(a_study_trained_before_and_after_its_range_test_has_the_same_bytes) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    BOOST_TEST(run_etude({"run", study, "--out", (folder.path() / "before").string()}).code == 0);
    BOOST_TEST(run_etude({"find-lr", study, "--seeds", "2"}, {.folder = folder.path()}).code == 0);
    BOOST_TEST(run_etude({"run", study, "--out", (folder.path() / "after").string()}).code == 0);
    BOOST_TEST(slurp(folder.path() / "before/trials.csv") == slurp(folder.path() / "after/trials.csv"));
}

BOOST_AUTO_TEST_CASE(curves_that_never_diverge_or_never_fall_are_said_to) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    const Outcome low = run_etude({"find-lr", study, "--seeds", "2", "--from", "1e-9", "--to", "1e-8"}, {.folder = folder.path()});
    BOOST_TEST(low.code == 0);
    BOOST_TEST(low.out.find("this test suggests no rate.\n"
                            "In 2 of 2 tests the loss never falls clearly below its start: rise higher (--to) or more slowly (--updates), or look at "
                            "model and data.\n"
                            "No test diverged up to a rate of 1e-8: a larger --to would show where the rates end.\n") != std::string::npos,
               low.out);
    const Outcome high = run_etude({"find-lr", study, "--seeds", "2", "--from", "1e5", "--to", "1e9", "--out", (folder.path() / "high").string()});
    BOOST_TEST(high.out.find("the loss never falls clearly below its start before it diverges: begin lower (--from)") != std::string::npos, high.out);
}

BOOST_AUTO_TEST_CASE(a_schedule_may_ask_for_its_rate) {
    const TemporaryFolder folder;
    const std::string base = small_study.substr(0, small_study.find("sweep:"));
    const std::string study = folder.write("small.yaml", base + "schedule: {name: one_cycle, max: {find_lr: valley}}\n").string();
    const Outcome plan = run_etude({"plan", study}, {.folder = folder.path()});
    BOOST_TEST_REQUIRE(plan.code == 0, plan.err);
    const Outcome first = run_etude({"run", study, "-j", "1", "--out", (folder.path() / "1").string()});
    const Outcome second = run_etude({"run", study, "-j", "2", "--out", (folder.path() / "2").string()});
    BOOST_TEST_REQUIRE(first.code == 0, first.err);
    BOOST_TEST(first.err.find("note: {find_lr: valley} is ") != std::string::npos, first.err);
    BOOST_TEST(slurp(folder.path() / "1/trials.csv") == slurp(folder.path() / "2/trials.csv"));
    BOOST_TEST(slurp(folder.path() / "1/resolved.yaml").starts_with("# {find_lr: valley} is "));
    BOOST_TEST(plan.out.starts_with("# the study, every default filled in\n# {find_lr: valley} is "), plan.out);
    const Outcome more = run_etude({"run", study, "seeds=6", "--out", (folder.path() / "1").string()});
    BOOST_TEST(more.out.find("4 of 6 trials were done already\n") != std::string::npos, more.out);
}

BOOST_AUTO_TEST_CASE(rates_that_do_not_rise_are_refused) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    const Outcome outcome = run_etude({"find-lr", study, "--from", "1", "--to", "0.1"});
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.err == "etude: error: --from 1 --to 0.1: the rates do not rise\n  hint: --to must lie above --from\n");
}

BOOST_AUTO_TEST_SUITE_END()
