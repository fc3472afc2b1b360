#include <boost/test/unit_test.hpp>

#include "study/support.hpp"

namespace {

using namespace etude;
using namespace etude::test;

struct Files : TemporaryFolder {
    Registry registry = plugins();
    Study read(const std::string& name, const std::vector<std::string>& overrides = {}) {
        return Study::read(path() / name, registry, {overrides, DataPaths::standard()});
    }
};

const std::string two_axes = network + sgd + "sweep:\n  - optimizer.lr: [0.1, 0.2]\n    train.batch: [5, 10]\n  - optimizer.momentum: [0, 0.9]\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(study_document)

BOOST_AUTO_TEST_CASE(included_files_merge_key_by_key_in_order_and_the_including_file_wins) {
    Files files;
    files.write("parts/network.yaml", network + "seeds: [1, 2]\noptimizer: {name: sgd, lr: 0.5, momentum: 0.9}\n");
    files.write("parts/long.yaml", "train: {epochs: 7}\nseeds: [5]\n");
    files.write("study.yaml", "study: mine\ninclude: [parts/network.yaml, parts/long.yaml]\noptimizer: {lr: 0.25}\n");
    const Study study = files.read("study.yaml");
    const TrialSpec trial = study.trial(0);
    BOOST_TEST(study.name() == "mine");
    BOOST_TEST(study.plan().trials.size() == 1u);
    BOOST_TEST(trial.seed == 5u);
    BOOST_TEST(trial.train.epochs == 7u);
    BOOST_TEST(trial.train.batch == 10u);
    BOOST_TEST(trial.optimizer.lr == 0.25);
    BOOST_TEST(trial.optimizer.values.real("momentum") == 0.9);
}

BOOST_AUTO_TEST_CASE(paths_of_includes_are_relative_to_the_including_file) {
    Files files;
    files.write("a/b/network.yaml", network);
    files.write("a/middle.yaml", "include: b/network.yaml\n" + sgd);
    files.write("study.yaml", "include: [a/middle.yaml]\n");
    BOOST_TEST(files.read("study.yaml").trial(0).optimizer.lr == 0.1);
}

BOOST_AUTO_TEST_CASE(a_file_that_includes_ever_more_files_is_refused) {
    Files files;
    files.write("f0.yaml", "train: {epochs: 1}\n");
    for (int i = 1; i <= 8; ++i) {
        const std::string inner = "f" + std::to_string(i - 1) + ".yaml";
        files.write("f" + std::to_string(i) + ".yaml", "include: [" + inner + ", " + inner + ", " + inner + "]\n");
    }
    BOOST_CHECK_EXCEPTION(files.read("f8.yaml"), Error, [](const Error& error) {
        return std::string(error.what()).find("error: more than 100 files are included") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_an_error_with_its_path) {
    Files files;
    BOOST_CHECK_EXCEPTION(files.read("none.yaml"), Error, [&](const Error& error) {
        return error.what() == (files.path() / "none.yaml").string() + ": cannot be read: No such file or directory";
    });
}

BOOST_AUTO_TEST_CASE(the_command_line_wins_over_the_file) {
    const Study study = read_text(network + sgd, {"optimizer.lr=1e-2", "model.0.dense.units=9", "seeds=[4]", "schedule={name: cosine, end: 0.001}",
                                                  "schedule.unit=epoch", "optimizer.clip={norm: 1}"});
    const TrialSpec trial = study.trial(0);
    BOOST_TEST(trial.optimizer.lr == 0.01);
    BOOST_TEST(trial.model[0].values.integer("units") == 9);
    BOOST_TEST(trial.seed == 4u);
    BOOST_TEST(trial.schedule.name == "cosine");
    BOOST_TEST((trial.schedule.unit == ScheduleUnit::epoch));
    BOOST_TEST(trial.optimizer.clip->limit == 1.0);
}

BOOST_AUTO_TEST_CASE(a_value_for_a_swept_path_drops_that_axis) {
    BOOST_TEST(cells_of(read_text(two_axes, {"optimizer.lr=0.5"})) == "5,0|10,0|10,0.9");
    const std::string zipped = network + sgd + "sweep:\n  zip: {optimizer.lr: [0.1, 0.2]}\n";
    BOOST_TEST(read_text(zipped, {"optimizer.lr=0.5"}).plan().trials.size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_axis_on_the_command_line_replaces_the_axis_where_there_is_one) {
    BOOST_TEST(cells_of(read_text(two_axes, {"sweep.optimizer.lr=[0.3]"})) == "0.3,5,0|0.3,10,0|0.1,10,0|0.1,10,0.9");
}

BOOST_AUTO_TEST_CASE(an_axis_on_the_command_line_is_added_to_every_block_where_none_has_it) {
    BOOST_TEST(cells_of(read_text(two_axes, {"optimizer.lr=0.5", "sweep.train.epochs={linear: [1, 2], points: 2}"})) ==
               "5,1,0|5,2,0|10,1,0|10,2,0|10,1,0.9|10,2,0.9");
    BOOST_TEST(cells_of(read_text(network + sgd, {"sweep.optimizer.lr=[0.3, 0.4]"})) == "0.3|0.4");
}

BOOST_AUTO_TEST_CASE(a_value_inside_a_swept_mapping_wins_over_it) {
    const std::string optimizers = network + "sweep:\n  optimizer: [{name: sgd, lr: 0.1}, {name: adam, lr: 0.2}]\n";
    BOOST_TEST(cells_of(read_text(optimizers, {"optimizer.lr=0.7"})) == "sgd,0.7|adam,0.7");
}

BOOST_AUTO_TEST_CASE(an_error_of_an_argument_shows_the_argument_with_a_caret_under_wide_characters) {
    BOOST_TEST(errors_of(network + sgd, {"optimizer={name: sgd, 率: 1}"}) ==
               "argument 'optimizer={name: sgd, 率: 1}': error: optimizer 'sgd' has no parameter '率'\n"
               "  optimizer={name: sgd, 率: 1}\n"
               "                        ^\n"
               "  hint: one of: momentum, momentum_form, dampening, nesterov, weight_decay, weight_decay_form, name, preset, lr, accumulate, sam, "
               "centralize, ...  `etude describe sgd` lists them\n"
               "1 error; nothing was run");
    BOOST_TEST(errors_of(network + sgd, {"question=[学, 率]"}) ==
               "argument 'question=[学, 率]': error: question is a list, not text\n"
               "  question=[学, 率]\n"
               "           ^\n"
               "1 error; nothing was run");
}

BOOST_AUTO_TEST_CASE(the_caret_stands_under_its_character_behind_wide_ones) {
    BOOST_TEST(errors_of(network + "optimizer: {name: sgd, lr: 0.1}   # 学\nmetric: {name: 测试, goal: 上}\n") ==
               "study.yaml:9:16: error: this study records no '测试'\n"
               "  metric: {name: 测试, goal: 上}\n"
               "                 ^\n"
               "  hint: one of: train_loss, train_accuracy, test_loss, test_accuracy\n"
               "study.yaml:9:26: error: metric.goal: '上' is not one of maximize, minimize\n"
               "  metric: {name: 测试, goal: 上}\n"
               "                             ^\n"
               "2 errors; nothing was run");
}

BOOST_AUTO_TEST_SUITE_END()
