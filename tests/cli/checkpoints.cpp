// `train: {checkpoint: n}` from a user's chair: a killed long trial goes on from where it was.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>

#include "cli/etude.hpp"

using etude::test::Outcome;
using etude::test::run_etude;
using etude::test::slurp;
using etude::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

/// One trial of half a second and more.
const std::string long_study = R"(study: long
data:  {name: blobs, samples: 200, centers: 3, cluster_std: 2, random_state: 2, train: 100}
model: [dense: {units: 8, activation: relu}, batch_norm, dropout: {rate: 0.1}, dense: {units: 3}]
loss:  softmax_cross_entropy
train: {epochs: 20000, batch: 32, checkpoint: 2000}
optimizer: {name: adam, lr: 0.001, ema: 0.99}
schedule: {name: plateau, monitor: test_loss}
)";

std::string tables(const fs::path& folder) { return slurp(folder / "trials.csv") + "\n" + slurp(folder / "summary.csv"); }

/// Files of trials at work, those that are still being written left out.
std::size_t checkpoint_count(const fs::path& results) {
    std::error_code none;
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(results / "checkpoints", none)) count += entry.path().filename().string().size() == 16;
    return count;
}

struct Fixture {
    TemporaryFolder folder;
    std::string study = folder.write("long.yaml", long_study).string();
    std::string whole;

    Fixture() {
        const Outcome outcome = run_etude({"run", study, "train.checkpoint=0", "--out", (folder.path() / "whole").string()});
        BOOST_TEST_REQUIRE(outcome.code == 0, outcome.err);
        BOOST_TEST(!fs::exists(folder.path() / "whole/checkpoints"));
        whole = tables(folder.path() / "whole");
    }
    void continues(const fs::path& out) {
        BOOST_TEST(checkpoint_count(out) == 1u);
        const Outcome outcome = run_etude({"run", study, "--out", out.string()});
        BOOST_TEST(outcome.code == 0, outcome.err);
        BOOST_TEST(outcome.out.find("1 trial went on from its checkpoint\n") != std::string::npos, outcome.out);
        BOOST_TEST(tables(out) == whole);
        BOOST_TEST(!fs::exists(out / "checkpoints"));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cli_checkpoints, Fixture)

BOOST_AUTO_TEST_CASE(a_killed_trial_goes_on_from_its_last_checkpoint) {
    const fs::path out = folder.path() / "killed";
    const auto saved = [&] { return checkpoint_count(out) > 0; };
    BOOST_TEST(run_etude({"run", study, "--out", out.string()}, {.signal = SIGKILL, .signal_when = saved}).code == 128 + SIGKILL);
    continues(out);
}

BOOST_AUTO_TEST_CASE(an_interrupted_trial_goes_on_from_its_last_checkpoint) {
    const fs::path out = folder.path() / "interrupted";
    const auto saved = [&] { return checkpoint_count(out) > 0; };
    BOOST_TEST(run_etude({"run", study, "--out", out.string()}, {.signal = SIGINT, .signal_when = saved}).code == 130);
    continues(out);
}

BOOST_AUTO_TEST_CASE(a_full_disk_keeps_the_checkpoint_before_it) {
    const fs::path out = folder.path() / "full";
    const Outcome full = run_etude({"run", study, "--out", out.string()}, {.file_size_limit = 150'000});
    BOOST_TEST(full.code == 2);
    BOOST_TEST(full.err.find((out / "checkpoints").string()) != std::string::npos, full.err);
    BOOST_TEST(full.err.find(": cannot be written: File too large\n") != std::string::npos, full.err);
    continues(out);
}

BOOST_AUTO_TEST_CASE(a_damaged_checkpoint_is_a_warning_and_the_trial_begins_anew) {
    const fs::path out = folder.path() / "damaged";
    const auto saved = [&] { return checkpoint_count(out) > 0; };
    run_etude({"run", study, "--out", out.string()}, {.signal = SIGKILL, .signal_when = saved});
    BOOST_TEST_REQUIRE(checkpoint_count(out) == 1u);
    const auto files = fs::directory_iterator(out / "checkpoints");
    const fs::path file =
        std::find_if(begin(files), end(files), [](const auto& entry) { return entry.path().filename().string().size() == 16; })->path();
    fs::resize_file(file, fs::file_size(file) - 1);
    const Outcome outcome = run_etude({"run", study, "--out", out.string()});
    BOOST_TEST(outcome.code == 0);
    BOOST_TEST(outcome.err.find("warning: " + file.string() + ": is damaged; the trial begins anew\n") != std::string::npos, outcome.err);
    BOOST_TEST(tables(out) == whole);
}

/// Successive halving over networks whose states have a hundred kilobytes and more.
const std::string halving_study = R"(study: halved
data:  {name: blobs, samples: 200, centers: 3, cluster_std: 2, random_state: 2, train: 100}
model: [dense: {units: 96, activation: relu}, dense: {units: 96, activation: relu}, dense: {units: 3}]
loss:  softmax_cross_entropy
train: {epochs: 300, batch: 32}
optimizer: {name: adam, lr: 0.001}
seeds: 2
sweep: {optimizer.lr: {log: [1e-5, 0.1], points: 9}}
halving: {eta: 3, min_epochs: 60}
)";

BOOST_AUTO_TEST_CASE(a_killed_sweep_with_a_rule_goes_on_from_its_last_rung) {
    const std::string halved = folder.write("halved.yaml", halving_study).string();
    const fs::path expected = folder.path() / "unkilled", out = folder.path() / "rung";
    BOOST_TEST(run_etude({"run", halved, "-j", "2", "--out", expected.string()}).code == 0);
    BOOST_TEST(!fs::exists(expected / "checkpoints"));
    const auto some_wait = [&] { return checkpoint_count(out) >= 7; };
    BOOST_TEST(run_etude({"run", halved, "-j", "1", "--out", out.string()}, {.signal = SIGKILL, .signal_when = some_wait}).code == 128 + SIGKILL);
    const std::size_t waiting = checkpoint_count(out);
    const Outcome outcome = run_etude({"run", halved, "-j", "2", "--out", out.string()});
    BOOST_TEST(outcome.code == 0, outcome.err);
    BOOST_TEST(outcome.out.find(std::to_string(waiting) + " trials went on from their checkpoints\n") != std::string::npos, outcome.out);
    BOOST_TEST(tables(out) == tables(expected));
    BOOST_TEST(!fs::exists(out / "checkpoints"));
}

BOOST_AUTO_TEST_CASE(a_disk_that_cannot_hold_a_suspended_trial_is_an_error_and_nothing_is_lost) {
    const std::string halved = folder.write("halved.yaml", halving_study).string();
    const fs::path expected = folder.path() / "unkilled", out = folder.path() / "full";
    BOOST_TEST(run_etude({"run", halved, "--out", expected.string()}).code == 0);
    const Outcome full = run_etude({"run", halved, "--out", out.string()}, {.file_size_limit = 100'000});
    BOOST_TEST(full.code == 2);
    BOOST_TEST(full.err.find((out / "checkpoints").string()) != std::string::npos, full.err);
    BOOST_TEST(full.err.find(": cannot be written: File too large\n") != std::string::npos, full.err);
    BOOST_TEST(run_etude({"run", halved, "--out", out.string()}).code == 0);
    BOOST_TEST(tables(out) == tables(expected));
}

BOOST_AUTO_TEST_CASE(under_a_rule_a_trial_at_work_is_saved_too) {
    const std::string more = folder.write("ruled.yaml", long_study + "sweep: {optimizer.lr: [0.001, 0.01]}\nhalving: {min_epochs: 15000}\n").string();
    const fs::path out = folder.path() / "saved", expected = folder.path() / "unkilled";
    BOOST_TEST(run_etude({"run", more, "train.checkpoint=0", "--out", expected.string()}).code == 0);
    const auto saved = [&] { return checkpoint_count(out) > 0; };
    BOOST_TEST(run_etude({"run", more, "-j", "1", "--out", out.string()}, {.signal = SIGKILL, .signal_when = saved}).code == 128 + SIGKILL);
    BOOST_TEST(checkpoint_count(out) == 1u);
    const Outcome outcome = run_etude({"run", more, "--out", out.string()});
    BOOST_TEST(outcome.out.find("1 trial went on from its checkpoint\n") != std::string::npos, outcome.out);
    BOOST_TEST(tables(out) == tables(expected));
    BOOST_TEST(!fs::exists(out / "checkpoints"));
}

BOOST_AUTO_TEST_SUITE_END()
