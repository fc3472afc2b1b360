// What other programs read out of exported results: an independent parser of event files, Optuna itself, a JSON parser.
#include "interchange/export.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "interchange/samples.hpp"
#include "interchange/times.hpp"
#include "interchange/wire.hpp"

using namespace etude;
using namespace etude::test;

BOOST_AUTO_TEST_SUITE(exports)

BOOST_AUTO_TEST_CASE(curves_are_rows_of_trial_and_epoch) {
    BOOST_TEST(curves_csv(mixed_results()) ==
               "trial,epoch,lr,test_loss,test_accuracy\n"
               "0,1,0.1,1.5,0.25\n"
               "0,2,0.0333333333333333,0.5,0.5\n"
               "1,1,0.1,inf,0.25\n"
               "2,1,0.1,1.5,0.25\n"
               "2,2,0.0333333333333333,0.4,0.6\n"
               "4,1,0.1,1.5,0.25\n"
               "4,2,0.0333333333333333,0.3,0.7\n");
}

BOOST_AUTO_TEST_CASE(json_has_every_trial_and_the_statistics) {
    const auto json = nlohmann::json::parse(results_json(mixed_results()));
    BOOST_TEST(json["format"] == "etude-results");
    BOOST_TEST(json["planned_trials"] == 6);
    BOOST_REQUIRE_EQUAL(json["trials"].size(), 5u);
    BOOST_TEST(json["trials"][0]["curves"]["test_accuracy"] == nlohmann::json({0.25, 0.5}));
    BOOST_TEST(json["trials"][0]["score"] == 0.5);
    BOOST_TEST(json["trials"][1]["status"] == "diverged");
    BOOST_TEST(json["trials"][1]["diverged_at"] == 15);
    BOOST_TEST(json["trials"][1]["score"] == 0.125);
    BOOST_TEST(json["trials"][1]["curves"]["test_loss"][0].is_null());  // infinity
    BOOST_TEST(json["trials"][3]["message"] == "no \"memory\"");
    BOOST_TEST(json["trials"][3]["score"].is_null());
    BOOST_TEST(json["configurations"][1]["values"]["schedule.name"] == "cosine, \"warm\"");
    BOOST_TEST(json["configurations"][2]["missing"] == 1);
    BOOST_TEST(json["statistics"]["configurations"].size() == 3u);
}

BOOST_AUTO_TEST_CASE(sums_and_bytes_are_those_of_the_specifications) {
    BOOST_TEST(crc32c("123456789") == 0xE3069283U);              // RFC 3720 and every catalogue of sums
    BOOST_TEST(crc32c(std::string(32, '\0')) == 0x8A9136AAU);    // RFC 3720, B.4
    BOOST_TEST(Message().integer(1, 150).bytes() == "\x08\x96\x01");       // the examples of the encoding's own guide
    BOOST_TEST(Message().text(2, "testing").bytes() == "\x12\x07testing");
    BOOST_TEST(Message().message(3, Message().integer(1, 150)).bytes() == "\x1a\x03\x08\x96\x01");
    BOOST_TEST(Message().integer(16, 1).bytes() == "\x80\x01\x01");
}

BOOST_AUTO_TEST_CASE(an_independent_reader_finds_scalars_and_sessions_in_event_files) {
    const TemporaryFolder folder;
    write_tensorboard(mixed_results(), folder.path());
    const std::string found = python("read_tensorboard.py", folder.path().string(), "google.protobuf, crc32c");
    if (found.empty()) return;
    BOOST_TEST(found ==
               "file events.out.tfevents.1795248000.etude\n"
               "version brain.Event:2\n"
               "experiment experiment Which?; optimizer.lr:3 schedule.name:1 train.batch:3 seed:3; score test_loss test_accuracy\n"
               "file 0_lr_1_seed_0/events.out.tfevents.1795248000.etude\n"
               "version brain.Event:2\n"
               "session_start_info start lr 1; optimizer.lr=1.0 schedule.name=constant train.batch=16.0 seed=0.0; 1795247999.500\n"
               "1 lr 0.100000001\n1 test_loss 1.5\n1 test_accuracy 0.25\n"
               "2 lr 0.0333333351\n2 test_loss 0.5\n2 test_accuracy 0.5\n"
               "2 score 0.5\n"
               "session_end_info end 1 1795248000.000\n"
               "file 1_lr_1_seed_1/events.out.tfevents.1795248001.etude\n"
               "version brain.Event:2\n"
               "session_start_info start lr 1; optimizer.lr=1.0 schedule.name=constant train.batch=16.0 seed=1.0; 1795248000.500\n"
               "1 lr 0.100000001\n1 test_loss inf\n1 test_accuracy 0.25\n"
               "1 score 0.125\n"
               "session_end_info end 1 1795248001.000\n"
               "file 2_lr_0.01_seed_0/events.out.tfevents.1795248000.etude\n"
               "version brain.Event:2\n"
               "session_start_info start lr 0.01; optimizer.lr=0.01 schedule.name=cosine, \"warm\" train.batch=32.0 seed=0.0; 1795247999.500\n"
               "1 lr 0.100000001\n1 test_loss 1.5\n1 test_accuracy 0.25\n"
               "2 lr 0.0333333351\n2 test_loss 0.400000006\n2 test_accuracy 0.600000024\n"
               "2 score 0.600000024\n"
               "session_end_info end 1 1795248000.000\n"
               "file 3_lr_0.01_seed_1/events.out.tfevents.1795248001.etude\n"
               "version brain.Event:2\n"
               "session_start_info start lr 0.01; optimizer.lr=0.01 schedule.name=cosine, \"warm\" train.batch=32.0 seed=1.0; 1795248001.000\n"
               "session_end_info end 2 1795248001.000\n"
               "file 4_lr_0.1_seed_0/events.out.tfevents.1795248000.etude\n"
               "version brain.Event:2\n"
               "session_start_info start lr 0.1; optimizer.lr=0.1 seed=0.0; 1795247999.500\n"
               "1 lr 0.100000001\n1 test_loss 1.5\n1 test_accuracy 0.25\n"
               "2 lr 0.0333333351\n2 test_loss 0.300000012\n2 test_accuracy 0.699999988\n"
               "2 score 0.699999988\n"
               "session_end_info end 1 1795248000.000\n");
}

BOOST_AUTO_TEST_CASE(event_files_of_an_earlier_export_are_removed_and_nothing_else) {
    const TemporaryFolder folder;
    folder.write("7_old_seed_0/events.out.tfevents.1000000000.etude", "old");
    folder.write("7_old_seed_1/events.out.tfevents.1000000000.another", "not ours");
    write_tensorboard(mixed_results(), folder.path());
    BOOST_TEST(!std::filesystem::exists(folder.path() / "7_old_seed_0"));
    BOOST_TEST(slurp(folder.path() / "7_old_seed_1/events.out.tfevents.1000000000.another") == "not ours");
}

BOOST_AUTO_TEST_CASE(optuna_reads_its_journal) {
    const TemporaryFolder folder;
    write_file(folder.path() / "optuna.log", optuna_journal(mixed_results()));
    const std::string found = python("read_optuna.py", (folder.path() / "optuna.log").string(), "optuna");
    if (found.empty()) return;
    const std::string lr = "FloatDistribution(high=1.0, log=True, low=0.01, step=None)",
                      batch = "IntDistribution(high=32, log=False, low=16, step=1)",
                      shape = "CategoricalDistribution(choices=('constant', 'cosine, \"warm\"'))",
                      one = "optimizer.lr=1.0 schedule.name='constant' train.batch=16",
                      two = "optimizer.lr=0.01 schedule.name='cosine, \"warm\"' train.batch=32", all = lr + " " + shape + " " + batch;
    BOOST_TEST(found ==
               "mixed MAXIMIZE [('metric', 'test_accuracy'), ('question', 'Which?')]\n"
               "0 COMPLETE 0.5 | " + one + " | " + all + " | 1:0.25 2:0.5 | seed 0 completed\n"
               "1 COMPLETE 0.125 | " + one + " | " + all + " | 1:0.25 | seed 1 diverged\n"
               "2 COMPLETE 0.6 | " + two + " | " + all + " | 1:0.25 2:0.6 | seed 0 completed\n"
               "3 FAIL None | " + two + " | " + all + " |  | seed 1 failed\n"
               "4 COMPLETE 0.7 | optimizer.lr=0.1 | " + lr + " | 1:0.25 2:0.7 | seed 0 completed\n"
               "best 4\n");
}

BOOST_AUTO_TEST_CASE(a_time_is_read_and_written_in_utc) {
    BOOST_TEST(epoch_seconds("1970-01-02T00:00:01Z") == 86401.0);
    BOOST_TEST(epoch_seconds("2026-11-21T08:00:00Z") == 1795248000.0);  // date -d ... +%s
    BOOST_TEST(epoch_seconds("yesterday") == 0.0);
    BOOST_TEST(iso_time(1795248000.25) == "2026-11-21T08:00:00.250000");
}

BOOST_AUTO_TEST_SUITE_END()
