#include "study/identity.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

#include "study/support.hpp"

namespace {

using namespace etude;
using namespace etude::test;

std::string id(const std::string& yaml) { return ids_of(read_text(yaml)).front(); }
const std::string plain = network + sgd;

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const std::size_t at = text.find(what);
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

TrialSpec first_trial() { return read_text(plain).trial(0); }
std::string id_with_files(const std::vector<std::uint64_t>& hashes) {
    Registry registry = plugins();
    return trial_id(first_trial(), registry, hashes);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(trial_identity)

BOOST_AUTO_TEST_CASE(an_id_is_sixteen_hex_digits_and_the_one_that_trial_id_gives) {
    const std::string text = id(plain);
    BOOST_TEST(text.size() == 16u);
    BOOST_TEST(text.find_first_not_of("0123456789abcdef") == std::string::npos);
    BOOST_TEST(text == id_with_files({}));
}

BOOST_AUTO_TEST_CASE(the_form_of_numbers_and_the_order_of_keys_do_not_matter) {
    BOOST_TEST(id(replaced(plain, "lr: 0.1", "lr: 1e-1")) == id(plain));
    BOOST_TEST(id(replaced(plain, "{epochs: 4, batch: 10}", "{batch: 1e1, epochs: 4.0}")) == id(plain));
    BOOST_TEST(id(replaced(plain, "{name: sgd, lr: 0.1}", "{lr: .10, name: sgd}")) == id(plain));
    BOOST_TEST(id(sgd + network) == id(plain));
}

BOOST_AUTO_TEST_CASE(a_default_that_is_written_out_is_the_same_trial) {
    BOOST_TEST(id(replaced(plain, "lr: 0.1}", "lr: 0.1, momentum: 0, nesterov: false}")) == id(plain));
    BOOST_TEST(id(plain + "schedule: constant\nrecord: {lr: epoch}\n") == id(plain));
    BOOST_TEST(id(replaced(plain, "batch: 10", "batch: 10, threads: 1")) == id(plain));
    BOOST_TEST(id(replaced(plain, "batch: 10", "batch: 10, checkpoint: 3")) == id(plain));
    BOOST_TEST(id(replaced(plain, "loss: softmax_cross_entropy", "loss: {name: softmax_cross_entropy, label_smoothing: -0.0}")) == id(plain));
}

BOOST_AUTO_TEST_CASE(study_question_metric_target_seeds_and_sweep_are_no_part_of_it) {
    BOOST_TEST(id(replaced(plain, "study: small",
                           "study: other\nquestion: why\nmetric: {name: test_loss, at: best}\ntarget: {test_accuracy: 0.5}")) == id(plain));
    BOOST_TEST(id(plain + "seeds: [0, 7]\n") == id(plain));
    const auto swept = ids_of(read_text(plain + "sweep:\n  optimizer.lr: [1, 0.1]\n"));
    BOOST_TEST(swept.at(1) == id(plain));
}

BOOST_AUTO_TEST_CASE(everything_that_decides_the_numbers_changes_it) {
    const std::vector<std::string> variants{
        plain,
        replaced(plain, "samples: 100", "samples: 101"),
        replaced(plain, "train: 50}", "train: 50, validation: 0.2}"),
        replaced(plain, "units: 5", "units: 6"),
        replaced(plain, "relu", "tanh"),
        replaced(plain, "loss: softmax_cross_entropy", "loss: {name: softmax_cross_entropy, label_smoothing: 0.1}"),
        replaced(plain, "epochs: 4", "epochs: 5"),
        replaced(plain, "batch: 10", "batch: 11"),
        replaced(plain, "batch: 10", "batch: 10, drop_last: true"),
        replaced(plain, "batch: 10", "batch: 10, threads: 2"),
        replaced(plain, "batch: 10", "batch: 10, threads: 3"),
        replaced(plain, "lr: 0.1", "lr: 0.2"),
        replaced(plain, "lr: 0.1", "lr: 0.1, momentum: 0.9"),
        replaced(plain, "lr: 0.1", "lr: 0.1, clip: {norm: 1}"),
        replaced(plain, "lr: 0.1", "lr: 0.1, clip: {value: 1}"),
        replaced(plain, "name: sgd", "name: adam"),
        plain + "schedule: {name: cosine}\n",
        plain + "schedule: {name: cosine, unit: epoch}\n",
        plain + "schedule: {name: cosine, ends: half_open}\n",
        plain + "schedule: {name: cosine, warmup: {length: 5}}\n",
        plain + "schedule: {name: cosine, warmup: {length: {epochs: 1}}}\n",
        plain + "schedule: {name: plateau}\n",
        plain + "schedule: {name: plateau, monitor: train_loss}\n",
        plain + "divergence: {loss_above: 100}\n",
        plain + "record: {lr: update}\n",
        plain + "seeds: [1]\n",
    };
    std::set<std::string> ids;
    for (const std::string& variant : variants) ids.insert(id(variant));
    BOOST_TEST(ids.size() == variants.size());
}

BOOST_AUTO_TEST_CASE(the_bytes_of_files_are_part_of_it) {
    const std::set<std::string> ids{id_with_files({}), id_with_files({1}), id_with_files({2}), id_with_files({1, 2}), id_with_files({2, 1})};
    BOOST_TEST(ids.size() == 5u);
}

BOOST_AUTO_TEST_CASE(the_bytes_of_its_plugins_alone_are_part_of_it) {
    const TemporaryFolder folder;
    for (const char* name : {"optimizers/sgd.so", "optimizers/adam.so", "schedules/constant.so"}) {
        std::filesystem::create_directories((folder.path() / name).parent_path());
        std::filesystem::copy_file(std::filesystem::path(ETUDE_BINARY_DIR "/plugins") / name, folder.path() / name);
    }
    const TrialSpec trial = first_trial();
    const auto id_now = [&] {
        Registry registry = Registry::scan({folder.path()});
        return trial_id(trial, registry, {});
    };
    const auto append = [&](const char* name) { std::ofstream(folder.path() / name, std::ios::app | std::ios::binary) << '\0'; };
    const std::string before = id_now();
    append("optimizers/adam.so");
    BOOST_TEST(id_now() == before);
    append("optimizers/sgd.so");
    const std::string other_optimizer = id_now();
    BOOST_TEST(other_optimizer != before);
    append("schedules/constant.so");
    BOOST_TEST(id_now() != other_optimizer);
}

BOOST_AUTO_TEST_CASE(the_resolved_study_reads_back_as_the_same_trials) {
    const std::vector<std::string> sweeps{
        "",
        "sweep:\n  optimizer.lr: [0.1, 0.2]\n",
        "schedule: {name: cosine, end_ratio: 0.1, warmup: {length: {fraction: 0.1}, from_ratio: 0.01}}\nsweep:\n  optimizer.lr: {log: [0.1, 10], "
        "points: 3}\n",
        "sweep:\n  optimizer: [{name: adam, preset: keras2, as: \"Adam, Keras 2\"}, {name: adagrad, preset: keras3, clip: {value: 2}}, sgd]\n",
        "schedule: {name: plateau, preset: keras}\nsweep:\n  - data.validation: [0, 0.2]\n  - schedule.patience: [1, 2]\n    zip: {optimizer.lr: [1, "
        "2], train.batch: [5, 6]}\n"
        "    exclude: [{optimizer.lr: 2, schedule.patience: 1}]\n",
        "seeds: [4, 2]\nquestion: \"为什么: {a, b}?\"\ntarget: {test_loss: 0.5}\nmetric: {name: test_loss, at: {epoch: 3}}\nrecord: {lr: "
        "update}\ndivergence: {loss_above: 50}\n"
        "sweep:\n  model: [[{dense: {units: 3}}], [{dense: {units: 9, activation: tanh}}, {dropout: {rate: 0.1}}, {dense: {units: 3}}]]\n  schedule: "
        "[null, constant, {name: cosine}]\n",
    };
    for (const std::string& sweep : sweeps) {
        const Study study = read_text(plain + sweep);
        BOOST_TEST_CONTEXT(study.resolved()) {
            const Study again = read_text(study.resolved());
            BOOST_TEST(ids_of(again) == ids_of(study), boost::test_tools::per_element());
            BOOST_TEST(again.resolved() == study.resolved());
            BOOST_TEST(again.plan().columns == study.plan().columns, boost::test_tools::per_element());
            BOOST_TEST(cells_of(again) == cells_of(study));
            BOOST_TEST(again.plan().question == study.plan().question);
        }
    }
}

BOOST_AUTO_TEST_CASE(each_resolved_configuration_is_a_study_of_one_trial) {
    const Study study = read_text(
        plain + "sweep:\n  optimizer: [{name: adam, preset: keras2}, {name: sgd, lr: 0.3, momentum: 0.9}]\n  schedule.warmup: [null, {length: 3}]\n");
    for (const PlannedTrial& trial : study.plan().trials)
        BOOST_TEST(id("study: one\n" + study.plan().configurations[trial.configuration].resolved) == trial.id);
}

BOOST_AUTO_TEST_SUITE_END()
