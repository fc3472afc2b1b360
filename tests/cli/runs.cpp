// `etude run` from a user's chair: results, resume, kill, Ctrl-C, other people's folders, a full disk.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>

#include "cli/etude.hpp"

using etude::test::run_etude;
using etude::test::Outcome;
using etude::test::ProcessOptions;
using etude::test::slurp;
using etude::test::small_study;
using etude::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

/// A study of 12 trials that takes about a second: long enough to be killed in the middle.
std::string longer_study() {
    std::string text = small_study;
    text.replace(text.find("epochs: 6"), 9, "epochs: 1500");
    return text;
}

std::string tables(const fs::path& folder) { return slurp(folder / "trials.csv") + "\n" + slurp(folder / "summary.csv"); }

std::size_t line_count(const std::string& text) { return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')); }

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_runs)

BOOST_AUTO_TEST_CASE(a_run_leaves_tables_figures_and_a_page) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    const Outcome outcome = run_etude({"run", study}, {.folder = folder.path()});
    BOOST_TEST_REQUIRE(outcome.code == 0, outcome.err);
    const fs::path results = folder.path() / "runs/small";
    for (const char* file : {"study.yaml", "resolved.yaml", "etude.sqlite", "trials.csv", "summary.csv", "timing.csv", "report.html"})
        BOOST_TEST(fs::exists(results / file), file);
    BOOST_TEST(!fs::is_empty(results / "figures"));
    BOOST_TEST(slurp(results / "study.yaml") == small_study);
    BOOST_TEST(line_count(slurp(results / "trials.csv")) == 13u);
    BOOST_TEST(line_count(slurp(results / "summary.csv")) == 4u);
    BOOST_TEST(outcome.out.ends_with("report: runs/small/report.html\n"), outcome.out);
}

BOOST_AUTO_TEST_CASE(a_second_run_trains_nothing_and_an_extended_one_what_is_missing) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    BOOST_TEST(run_etude({"run", study}, {.folder = folder.path()}).code == 0);
    const std::string before = tables(folder.path() / "runs/small");
    BOOST_TEST(run_etude({"run", study}, {.folder = folder.path()}).out.find("12 of 12 trials were done already\n") != std::string::npos);
    BOOST_TEST(tables(folder.path() / "runs/small") == before);
    const Outcome more = run_etude({"run", study, "seeds=5"}, {.folder = folder.path()});
    BOOST_TEST(more.code == 0);
    BOOST_TEST(more.out.find("12 of 15 trials were done already\n") != std::string::npos, more.out);
    const Outcome resumed = run_etude({"run", (folder.path() / "runs/small").string()}, {.folder = folder.path()});
    BOOST_TEST(resumed.out.find("15 of 15 trials were done already\n") != std::string::npos, resumed.out + resumed.err);
}

BOOST_AUTO_TEST_CASE(the_tables_have_the_same_bytes_for_one_worker_and_two) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    for (const std::string jobs : {"1", "2", "3"})
        BOOST_TEST(run_etude({"run", study, "-j", jobs, "--out", (folder.path() / jobs).string()}).code == 0);
    BOOST_TEST(tables(folder.path() / "1") == tables(folder.path() / "2"));
    BOOST_TEST(tables(folder.path() / "1") == tables(folder.path() / "3"));
}

BOOST_AUTO_TEST_CASE(the_executors_agree) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    for (const std::string executor : {"serial", "threads", "tbb"})
        BOOST_TEST(run_etude({"run", study, "-j", "2", "--out", (folder.path() / executor).string()}, {.environment = {{"ETUDE_EXECUTOR", executor}}})
                       .code == 0);
    BOOST_TEST(tables(folder.path() / "serial") == tables(folder.path() / "threads"));
    BOOST_TEST(tables(folder.path() / "serial") == tables(folder.path() / "tbb"));
}

BOOST_AUTO_TEST_CASE(a_killed_run_continues_to_the_same_bytes) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", longer_study()).string();
    BOOST_TEST(run_etude({"run", study, "--out", (folder.path() / "whole").string()}).code == 0);
    const std::string whole = tables(folder.path() / "whole");
    for (const int milliseconds : {20, 60, 120, 200, 300, 450, 600, 900}) {
        const fs::path out = folder.path() / ("killed-" + std::to_string(milliseconds));
        run_etude({"run", study, "--out", out.string()}, {.signal = SIGKILL, .signal_after = std::chrono::milliseconds(milliseconds)});
        const Outcome outcome = run_etude({"run", study, "--out", out.string()});
        BOOST_TEST(outcome.code == 0, outcome.err);
        BOOST_TEST(tables(out) == whole, "killed after " << milliseconds << " ms");
    }
}

BOOST_AUTO_TEST_CASE(ctrl_c_keeps_what_is_done_and_exits_with_130) {
    const TemporaryFolder folder;
    std::string text = longer_study();
    text.replace(text.find("seeds: 4"), 8, "seeds: 400");
    const std::string study = folder.write("small.yaml", text).string();
    const fs::path out = folder.path() / "out";
    const Outcome outcome = run_etude({"run", study, "--out", out.string()}, {.signal = SIGINT, .signal_after = std::chrono::milliseconds(1500)});
    BOOST_TEST(outcome.code == 130);
    BOOST_TEST(outcome.err.find(" of 1200 trials are kept in " + out.string() + "; the same command continues\n") != std::string::npos, outcome.err);
    const Outcome plan = run_etude({"plan", study, "--out", out.string()});
    BOOST_TEST(plan.code == 0);
    BOOST_TEST(plan.out.find(" done     ") != std::string::npos, "a trial is marked as done");
}

BOOST_AUTO_TEST_CASE(results_of_another_study_are_left_alone) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    BOOST_TEST(run_etude({"run", study, "--out", (folder.path() / "out").string()}).code == 0);
    std::string other = small_study;
    other.replace(other.find("study: small"), 12, "study: other");
    const Outcome outcome = run_etude({"run", folder.write("other.yaml", other).string(), "--out", (folder.path() / "out").string()});
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.err.find("'small'") != std::string::npos, outcome.err);
    BOOST_TEST(outcome.err.find("'other'") != std::string::npos, outcome.err);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_named) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    const std::string file = folder.write("file", "").string();
    const Outcome outcome = run_etude({"run", study, "--out", file + "/out"});
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.err.find(file) != std::string::npos, outcome.err);
}

BOOST_AUTO_TEST_CASE(a_full_disk_loses_nothing_and_is_named) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    const std::string out = (folder.path() / "out").string();
    const Outcome full = run_etude({"run", study, "--out", out}, {.file_size_limit = 90'000});
    BOOST_TEST(full.code == 2);
    BOOST_TEST(full.err.find(out) != std::string::npos, full.err);
    BOOST_TEST(run_etude({"run", study, "--out", out}).code == 0);
    BOOST_TEST(run_etude({"run", study, "--out", out + "2"}).code == 0);
    BOOST_TEST(tables(out) == tables(out + "2"));
}

BOOST_AUTO_TEST_CASE(a_folder_of_studies_runs_them_all) {
    const TemporaryFolder folder;
    folder.write("studies/a.yaml", small_study);
    std::string other = small_study;
    other.replace(other.find("study: small"), 12, "study: other");
    folder.write("studies/deeper/b.yaml", other);
    folder.write("studies/_fragment.yaml", "seeds: 2\n");
    const Outcome outcome = run_etude({"run", "studies", "seeds=1"}, {.folder = folder.path()});
    BOOST_TEST(outcome.code == 0, outcome.err);
    BOOST_TEST(fs::exists(folder.path() / "runs/small/trials.csv"));
    BOOST_TEST(fs::exists(folder.path() / "runs/other/trials.csv"));
}

BOOST_AUTO_TEST_CASE(a_dry_run_checks_and_writes_nothing) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    const Outcome outcome = run_etude({"run", study, "--dry-run"}, {.folder = folder.path()});
    BOOST_TEST(outcome.code == 0);
    BOOST_TEST(outcome.out.find("small: 12 trials (3 configurations), 0 done, 12 to run\n") != std::string::npos, outcome.out);
    BOOST_TEST(!fs::exists(folder.path() / "runs"));
}

BOOST_AUTO_TEST_CASE(a_diverged_trial_is_done_and_counts) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    const Outcome outcome = run_etude({"run", study, "sweep.optimizer.lr=[1e30, 0.1]", "--out", (folder.path() / "out").string()});
    BOOST_TEST(outcome.code == 0, outcome.err);
    BOOST_TEST(slurp(folder.path() / "out/trials.csv").find(",diverged,") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_study_that_is_not_there_is_named) {
    const Outcome outcome = run_etude({"run", "nowhere.yaml"});
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.err ==
               "etude: error: nowhere.yaml: there is no such file or folder\n  hint: a study is a YAML file; `experiments/` has many\n");
}

BOOST_AUTO_TEST_CASE(a_mistyped_key_is_shown_with_its_place) {
    const TemporaryFolder folder;
    std::string text = small_study;
    text.replace(text.find("epochs: 6"), 9, "epohcs: 6");
    const Outcome outcome = run_etude({"run", folder.write("small.yaml", text).string()}, {.folder = folder.path()});
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.err.find("small.yaml:8:9: error: ") != std::string::npos, outcome.err);
    BOOST_TEST(outcome.err.find("did you mean 'epochs'?") != std::string::npos, outcome.err);
    BOOST_TEST(!fs::exists(folder.path() / "runs"));
}

BOOST_AUTO_TEST_CASE(a_report_is_drawn_again_without_training) {
    const TemporaryFolder folder;
    const std::string study = folder.write("small.yaml", small_study).string();
    BOOST_TEST(run_etude({"run", study, "--out", (folder.path() / "out").string()}).code == 0);
    const std::string before = tables(folder.path() / "out");
    fs::remove(folder.path() / "out/report.html");
    fs::remove(folder.path() / "out/trials.csv");
    BOOST_TEST(run_etude({"report", (folder.path() / "out").string()}).code == 0);
    BOOST_TEST(fs::exists(folder.path() / "out/report.html"));
    BOOST_TEST(tables(folder.path() / "out") == before);
}

BOOST_AUTO_TEST_SUITE_END()
