// `etude schedule` and `etude optimizer`: numbers without training.
#include <boost/test/unit_test.hpp>

#include <cmath>

#include "cli/etude.hpp"

using etude::test::run_etude;
using etude::test::Outcome;
using etude::test::TemporaryFolder;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

double last_field(const std::string& line) { return std::stod(line.substr(line.rfind(',') + 1)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_previews)

BOOST_AUTO_TEST_CASE(a_schedule_prints_the_rate_used_in_each_update) {
    const Outcome outcome = run_etude({"schedule", "step", "size=2", "gamma=0.5", "--lr", "0.1", "--updates", "5", "--updates-per-epoch", "3"});
    BOOST_TEST(outcome.code == 0);
    BOOST_TEST(outcome.out == "update,epoch,lr\n0,0,0.1\n1,0,0.1\n2,0,0.05\n3,1,0.05\n4,1,0.025\n");
}

BOOST_AUTO_TEST_CASE(the_chapter_on_warm_up_and_cosine_comes_out_as_it_means) {
    // plugin boundary, rules of time, worked example: 30 epochs of 2 updates, lr .3, prefix warm-up of 5 epochs, half open.
    const Outcome outcome = run_etude(
        {"schedule", "{name: cosine, end: 0.01, unit: epoch, length: 15, ends: half_open, warmup: {length: {epochs: 5}, from: 0, ends: half_open}}",
         "--lr", "0.3", "--updates", "60", "--updates-per-epoch", "2"});
    BOOST_TEST(outcome.code == 0);
    const std::vector<std::string> lines = lines_of(outcome.out);
    BOOST_TEST_REQUIRE(lines.size() == 61u);
    const std::vector<std::pair<std::size_t, double>> expected = {{0, 0},      {1, .06},    {4, .24},       {5, .3},   {6, .2968314},
                                                                  {10, .2275}, {15, .0825}, {19, .0131686}, {20, .01}, {29, .01}};
    for (const auto& [epoch, rate] : expected)
        for (const std::size_t update : {2 * epoch, 2 * epoch + 1})
            BOOST_TEST(std::abs(last_field(lines[update + 1]) - rate) < 5e-8, lines[update + 1]);
}

BOOST_AUTO_TEST_CASE(a_plateau_hears_the_metrics_of_a_file) {
    const TemporaryFolder folder;
    const std::string metrics = folder.write("metrics.csv", "epoch,test_loss\n0,1\n1,1\n2,1\n3,1\n4,1\n").string();
    const Outcome outcome = run_etude({"schedule", "{name: plateau, patience: 1, factor: 0.5, monitor: test_loss}", "--updates", "5",
                                       "--updates-per-epoch", "1", "--metrics", metrics});
    BOOST_TEST(outcome.code == 0);
    BOOST_TEST(outcome.out == "update,epoch,lr\n0,0,1\n1,1,1\n2,2,1\n3,3,0.5\n4,4,0.5\n");
}

BOOST_AUTO_TEST_CASE(schedules_are_combined) {
    const Outcome sequence = run_etude({"schedule", "{sequence: [{name: constant, scale: 0.5, for: {epochs: 1}}, {name: step, size: 1, gamma: 0.5}]}",
                                        "--lr", "0.1", "--updates", "5", "--updates-per-epoch", "2"});
    BOOST_TEST(sequence.code == 0);
    BOOST_TEST(sequence.out == "update,epoch,lr\n0,0,0.05\n1,0,0.05\n2,1,0.1\n3,1,0.05\n4,2,0.025\n");
    const Outcome words = run_etude({"schedule", "step", "size=1", "gamma=0.5", "clip=[0.02, 0.06]", "--lr", "0.1", "--updates", "4"});
    BOOST_TEST(words.out == "update,epoch,lr\n0,0,0.06\n1,0,0.05\n2,0,0.025\n3,0,0.02\n");
}

BOOST_AUTO_TEST_CASE(a_plateau_in_a_product_hears_the_metrics_of_a_file) {
    const TemporaryFolder folder;
    const std::string metrics = folder.write("metrics.csv", "epoch,test_loss\n0,1\n1,1\n2,1\n3,1\n4,1\n5,1\n6,1\n7,1\n8,1\n9,1\n").string();
    const Outcome outcome = run_etude({"schedule",
                                       "{product: [{name: plateau, patience: 1, factor: 0.1, warmup: {length: {epochs: 2}}}, "
                                       "{name: multi_step, milestones: [6], gamma: 0.5}], monitor: test_loss}",
                                       "--updates", "10", "--updates-per-epoch", "1", "--metrics", metrics});
    BOOST_TEST(outcome.code == 0);
    BOOST_TEST(outcome.out ==
               "update,epoch,lr\n0,0,0.5\n1,1,1\n2,2,1\n3,3,1\n4,4,1\n5,5,0.1\n6,6,0.05\n7,7,0.005\n8,8,0.005\n9,9,5e-4\n");
}

BOOST_AUTO_TEST_CASE(a_missing_metric_column_is_named) {
    const TemporaryFolder folder;
    const std::string metrics = folder.write("metrics.csv", "epoch,loss\n0,1\n").string();
    const Outcome outcome = run_etude({"schedule", "{name: plateau, monitor: test_loss}", "--updates", "5", "--metrics", metrics});
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.err == "etude: error: " + metrics + ":1: there is no column 'test_loss', which the schedule monitors\n"
                              "  hint: its columns are epoch, loss; `monitor: NAME` in the SPEC chooses another\n");
}

BOOST_AUTO_TEST_CASE(several_schedules_make_one_figure) {
    const Outcome outcome = run_etude({"schedule", "cosine", "linear", "end=0.1", "--updates", "50", "--format", "svg"});
    BOOST_TEST(outcome.code == 0);
    for (const std::string part : {"<svg", "cosine", "linear end=0.1", "</svg>"}) BOOST_TEST(outcome.out.find(part) != std::string::npos, part);
}

BOOST_AUTO_TEST_CASE(a_bad_parameter_is_shown_in_the_argument) {
    const Outcome outcome = run_etude({"schedule", "cosine", "ned=0.1", "--updates", "5"});
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.err.find("schedule 'cosine' has no parameter 'ned'") != std::string::npos, outcome.err);
    BOOST_TEST(outcome.err.find("did you mean 'end'?") != std::string::npos, outcome.err);
}

BOOST_AUTO_TEST_CASE(an_optimizer_runs_over_recorded_gradients) {
    const TemporaryFolder folder;
    const std::string gradients = folder.write("g.csv", "1,-2\n0.5,0\n").string();
    const Outcome outcome = run_etude({"optimizer", "sgd", "lr=0.5", "momentum=0.5", "--start", "1,2", "--gradients", gradients});
    BOOST_TEST(outcome.code == 0);
    BOOST_TEST(outcome.out == "update,w0,w1\n0,1,2\n1,0.5,3\n2,0,3.5\n");
}

BOOST_AUTO_TEST_CASE(an_optimizer_finds_the_minimum_of_booth) {
    const Outcome outcome = run_etude({"optimizer", "{name: adam, lr: 0.1}", "--start", "-5,5", "--function", "booth", "--updates", "2000"});
    BOOST_TEST(outcome.code == 0);
    const std::string last = lines_of(outcome.out).back();
    BOOST_TEST(std::abs(last_field(last) - 3) < 1e-3, last);
    BOOST_TEST(std::abs(std::stod(last.substr(last.find(',') + 1)) - 1) < 1e-3, last);
}

BOOST_AUTO_TEST_CASE(a_schedule_drives_the_optimizer) {
    const Outcome outcome = run_etude({"optimizer", "sgd", "lr=1", "--start", "1", "--function", "sphere", "--updates", "2", "--schedule",
                                       "{name: multi_step, milestones: [1], gamma: 0.25}"});
    BOOST_TEST(outcome.out == "update,w0\n0,1\n1,-1\n2,-0.5\n");
}

BOOST_AUTO_TEST_CASE(broken_tables_are_refused_with_their_place) {
    const TemporaryFolder folder;
    const auto error_of = [&](const std::string& content) {
        const Outcome outcome = run_etude({"optimizer", "sgd", "--start", "1,2", "--gradients", folder.write("g.csv", content).string()});
        BOOST_TEST(outcome.code == 2);
        const std::string prefix = "etude: error: " + (folder.path() / "g.csv").string();
        BOOST_TEST(outcome.err.starts_with(prefix), outcome.err);
        return outcome.err.substr(std::min(prefix.size(), outcome.err.size()));
    };
    BOOST_TEST(error_of("1,2\n3,x\n") == ":2:2: 'x' is not a number\n");
    BOOST_TEST(error_of("1,2\n3\n") == ":2: 1 fields where 2 are expected\n");
    BOOST_TEST(error_of("1,2,3\n") == ":1: 3 gradients where --start has 2 weights\n");
    BOOST_TEST(error_of("\n") == ": there are no numbers in it\n");
}

BOOST_AUTO_TEST_SUITE_END()
