// Records compared number by number, and carried as text without losing a bit.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "interchange/differences.hpp"
#include "interchange/record_json.hpp"
#include "interchange/run_record.hpp"
#include "interchange/samples.hpp"
#include "report/png.hpp"

using namespace etude;
using namespace etude::test;

namespace {

std::string message_of(const std::string& text) {
    try {
        parse_run_record(text, "r.json");
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

RunRecord mixed_run() {
    const TemporaryFolder folder;
    Store store = Store::open(folder.path(), Store::Access::write);
    fill_mixed(store);
    RunRecord record{"0.1.0", 1, "study: mixed\n", "study: mixed # resolved\n", store.plan(), {}, {}, {}};
    for (const PlannedTrial& trial : record.plan.trials)
        if (auto stored = store.find(trial.id)) record.trials.push_back(std::move(*stored));
    record.plugins = {{PluginKind::schedule,
                       "halving",
                       "0123456789abcdef",
                       "g++ 12",
                       false,
                       {{"halving.cpp", "#include \"own/part.hpp\"\n"}, {"own/part.hpp", std::string("\0\xFF", 2)}}}};
    record.data = {{"table.csv", "fedcba9876543210", {{"table.csv", "a,b\n1,2\n"}}}};
    return record;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(records)

BOOST_AUTO_TEST_CASE(a_record_equals_itself_and_time_does_not_count) {
    Record a = mixed_record(0, 1), b = a;
    b.wall_seconds *= 2;
    const RecordComparison comparison = compare_records(a, b);
    BOOST_TEST(comparison.are_equal());
    BOOST_TEST(comparison.numbers == 12u);  // status, 3 counts, 2 rates, 2 curves of one with their ends, 2 counts_as
}

BOOST_AUTO_TEST_CASE(one_bit_is_a_difference_and_is_named_with_its_place_and_size) {
    const Record a = mixed_record(1, 0);
    Record b = a;
    b.curves[1].values[1] = std::nextafter(b.curves[1].values[1], 1.0F);
    b.curves[1].final += 0.125;
    const RecordComparison comparison = compare_records(a, b);
    BOOST_REQUIRE_EQUAL(comparison.differences.size(), 2u);
    BOOST_TEST(comparison.differences[0].what == "test_accuracy over the epochs");
    BOOST_TEST(comparison.differences[0].first == "epoch 2: 0.6 and 0.6000001");
    BOOST_TEST(comparison.differences[0].numbers == 1u);
    BOOST_TEST(comparison.differences[0].of == 2u);
    BOOST_TEST(comparison.differences[1].what == "test_accuracy at the end");
    BOOST_TEST(comparison.differences[1].first == "0.6 and 0.725");
    BOOST_TEST(comparison.largest() == 0.125, boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(a_minus_zero_differs_and_a_nan_equals_any_other) {
    Record a, b;
    a.epoch_lr = {0.0, std::nan("")}, b.epoch_lr = {-0.0, -std::nan("1")};
    const RecordComparison comparison = compare_records(a, b);
    BOOST_REQUIRE_EQUAL(comparison.differences.size(), 1u);
    BOOST_TEST(comparison.differences[0].first == "epoch 1: 0 and -0");
    BOOST_TEST(comparison.differences[0].numbers == 1u);
}

BOOST_AUTO_TEST_CASE(a_shorter_curve_and_another_status_are_differences) {
    const RecordComparison comparison = compare_records(mixed_record(0, 0), mixed_record(0, 1));
    BOOST_TEST(comparison.differences.front().what == "status");
    BOOST_TEST(comparison.differences.front().first == "completed and diverged");
    BOOST_TEST(std::isinf(comparison.largest()));
}

BOOST_AUTO_TEST_CASE(every_bit_of_a_record_survives_as_json) {
    Record record = mixed_record(0, 1);
    record.epoch_lr = {1.0 / 3, -0.0, 5e-324, 1.7976931348623157e308};
    record.update_lr = {0.1, std::nan(""), -INFINITY};
    record.curves[0].values = {0.1F, 1.17549435e-38F, 3.4028235e38F, std::nextafter(1.0F, 2.0F), NAN};
    record.decision = DecisionMap{-1.5, 2, 1.0 / 3, 4, 2, 2, {0, 1, 1, 2}, "blobs"};
    record.landscape = Landscape{{1, 3, 0.5}, {0.1, INFINITY, 1.0 / 3}};
    const auto json = nlohmann::ordered_json::parse(record_to_json(record).dump());
    const Record back = record_from_json(json);
    const RecordComparison comparison = compare_records(record, back);
    BOOST_TEST(comparison.are_equal());
    BOOST_TEST(comparison.numbers == 33u);
    BOOST_TEST(back.wall_seconds == record.wall_seconds);
    BOOST_TEST(back.decision->samples == "blobs");
    BOOST_TEST((back.landscape->spec == record.landscape->spec));
    BOOST_TEST(record_from_json(record_to_json(mixed_record(1, 1))).message == "no \"memory\"");
}

BOOST_AUTO_TEST_CASE(base64_is_the_inverse_of_its_writer) {
    for (const std::string& bytes :
         {std::string(), std::string("f"), std::string("fo"), std::string("foo"), std::string("\0\xFF\x80", 3), std::string("foobar")})
        BOOST_TEST(from_base64(base64(bytes)) == bytes);
    BOOST_TEST(from_base64("Zm9vYmE=") == "fooba");  // RFC 4648, section 10
    BOOST_CHECK_THROW(from_base64("Zm9v!"), Error);
}

BOOST_AUTO_TEST_CASE(a_run_survives_as_one_file) {
    const RunRecord record = mixed_run();
    const std::string text = run_record_json(record);
    const RunRecord back = parse_run_record(text, "r.json");
    BOOST_TEST(run_record_json(back) == text);
    BOOST_TEST((back.plan == record.plan));
    BOOST_REQUIRE_EQUAL(back.trials.size(), record.trials.size());
    for (std::size_t i = 0; i < back.trials.size(); ++i) {
        BOOST_TEST(compare_records(back.trials[i].record, record.trials[i].record).are_equal());
        BOOST_TEST((back.trials[i].provenance == record.trials[i].provenance));
        BOOST_TEST(back.trials[i].resolved == record.trials[i].resolved);
    }
    const TemporaryFolder folder;
    const auto plugins = unpack(back, folder.path());
    BOOST_REQUIRE_EQUAL(plugins.size(), 1u);
    BOOST_TEST(plugins[0] == folder.path() / "plugins/halving/halving.cpp");
    BOOST_TEST(slurp(folder.path() / "plugins/halving/own/part.hpp") == std::string("\0\xFF", 2));
    BOOST_TEST(slurp(folder.path() / "data/table.csv") == "a,b\n1,2\n");
}

BOOST_AUTO_TEST_CASE(what_is_no_record_is_refused) {
    BOOST_TEST(message_of("") == "r.json: is no record of a run");
    BOOST_TEST(message_of("[1, 2]") == "r.json: is no record of a run");
    BOOST_TEST(message_of("{\"format\": \"etude-results\"}") == "r.json: is no record of a run");
    BOOST_TEST(message_of("{\"format\": \"etude-record\", \"version\": 2}") == "r.json: is a record of version 2; this etude reads up to version 1");
    BOOST_TEST(message_of("{\"format\": \"etude-record\", \"version\": 1}") ==
               "r.json: damaged: [json.exception.out_of_range.403] key 'etude' not found");
}

BOOST_AUTO_TEST_CASE(a_record_cannot_write_outside_its_folder) {
    for (const char* path : {"../escape.cpp", "/etc/escape.cpp", "a/../../escape.cpp", ""}) {
        RunRecord record = mixed_run();
        record.plugins[0].files[0].path = path;
        BOOST_TEST(message_of(run_record_json(record)) == std::string("r.json: damaged: a carried file with the path '") + path + "'");
    }
}

BOOST_AUTO_TEST_CASE(a_result_that_is_damaged_is_refused) {
    auto json = nlohmann::ordered_json::parse(run_record_json(mixed_run()));
    auto bad = json;
    bad["trials"][0]["result"]["status"] = "fine";
    BOOST_TEST(message_of(bad.dump()) == "r.json: damaged: a trial with the status 'fine'");
    bad = json;
    bad["trials"][0]["result"]["last_lr"] = "fast";
    BOOST_TEST(message_of(bad.dump()) == "r.json: damaged: 'fast' is no number");
    bad = json;
    bad["trials"][0]["configuration"] = 7;
    BOOST_TEST(message_of(bad.dump()) == "r.json: damaged: a trial of configuration 7");
    bad = json;
    bad["trials"][0]["id"] = "unknown";
    BOOST_TEST(message_of(bad.dump()) == "r.json: damaged: trial unknown is not in the plan");
}

BOOST_AUTO_TEST_SUITE_END()
