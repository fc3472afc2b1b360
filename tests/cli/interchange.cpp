// `etude export | merge | verify | reproduce` from a user's chair.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <regex>

#include "cli/etude.hpp"

using etude::test::run_etude;
using etude::test::Outcome;
using etude::test::slurp;
using etude::test::small_study;
using etude::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Results of the small study in `folder`/`name`.
fs::path results_in(const TemporaryFolder& folder, const std::string& name, std::vector<std::string> more = {},
                    const std::string& study = small_study) {
    std::vector<std::string> words{"run", folder.write("small.yaml", study).string(), "-j", "1", "--out", (folder.path() / name).string()};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run_etude(words);
    BOOST_TEST_REQUIRE(outcome.code == 0, outcome.err);
    return folder.path() / name;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    BOOST_TEST_REQUIRE(has(text, from));
    return text.replace(text.find(from), from.size(), to);
}

/// A schedule of the user's own, and a study with it.
std::string own_schedule(const std::string& exponent) {
    return "#include <etude/plugin.hpp>\n#include \"own_exponent.hpp\"\n#include <cmath>\n"
           "struct Fading {\n    static constexpr auto name = \"fading\";\n"
           "    static constexpr auto summary = \"Fades.\";\n    static constexpr auto source = \"\";\n"
           "    static constexpr auto params() { return std::tuple{}; }\n"
           "    double factor(const etude::Clock& clock) const { return std::exp(" +
           exponent + " * clock.x); }\n};\nETUDE_PLUGIN(Fading)\n";
}
const std::string fading_study = small_study + "schedule: fading\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_interchange)

BOOST_AUTO_TEST_CASE(every_format_is_written_beside_the_results_with_the_same_bytes_each_time) {
    const TemporaryFolder folder;
    const fs::path results = results_in(folder, "r");
    const std::vector<std::pair<std::string, std::string>> formats{
        {"csv", "curves.csv"}, {"json", "results.json"}, {"optuna", "optuna.log"}, {"record", "record.json"}};
    for (const auto& [format, file] : formats) {
        const Outcome outcome = run_etude({"export", results.string(), "--to", format});
        BOOST_TEST(outcome.code == 0, outcome.err);
        BOOST_TEST(outcome.out == format + ": " + (results / file).string() + "\n");
        BOOST_TEST(run_etude({"export", results.string(), "--to", format, "--out", (folder.path() / "again").string()}).code == 0);
        BOOST_TEST(slurp(results / file) == slurp(folder.path() / "again"), format);
    }
    const std::string curves = slurp(results / "curves.csv");
    BOOST_TEST(curves.starts_with("trial,epoch,lr,train_loss,train_accuracy,test_loss,test_accuracy\n0,1,1,"));
    BOOST_TEST(std::count(curves.begin(), curves.end(), '\n') == 1 + 12 * 6);
    BOOST_TEST(run_etude({"export", results.string(), "--to", "tensorboard"}).code == 0);
    BOOST_TEST(std::distance(fs::directory_iterator(results / "tensorboard"), fs::directory_iterator()) == 13);
}

BOOST_AUTO_TEST_CASE(an_export_that_cannot_be_says_why) {
    const TemporaryFolder folder;
    const fs::path results = results_in(folder, "r", {"seeds=1"});
    const auto error_of = [&](const std::string& from, const std::string& format, const std::string& out) {
        const Outcome outcome = run_etude({"export", from, "--to", format, "--out", out});
        BOOST_TEST(outcome.code == 2);
        return outcome.err;
    };
    const std::string r = results.string(), f = folder.path().string();
    BOOST_TEST(error_of(r, "cvs", f + "/x") == "etude: error: there is no format 'cvs'\n  hint: did you mean 'csv'?\n");
    BOOST_TEST(error_of(r, "parquet", f + "/x") ==
               "etude: error: there is no format 'parquet'\n  hint: one of: csv, json, tensorboard, optuna, record\n");
    BOOST_TEST(error_of(f + "/none", "csv", f + "/x") ==
               "etude: error: " + f + "/none: holds no results\n  hint: there is no etude.sqlite in it; `etude run STUDY.yaml --out " + f +
                   "/none` makes one\n");
    BOOST_TEST(error_of(r, "csv", "/proc/curves.csv") == "etude: error: /proc/curves.csv: cannot be written: No such file or directory\n");
    BOOST_TEST(error_of(r, "json", f) == "etude: error: " + f + ": is a folder\n  hint: `--out` names a file here\n");
    BOOST_TEST(error_of(r, "tensorboard", f + "/small.yaml") ==
               "etude: error: " + f + "/small.yaml: cannot be made: Not a directory\n  hint: choose another folder with `--out`\n");
    folder.write("broken/etude.sqlite", "This is no database, though it is long enough to be taken for one: " + std::string(200, 'x'));
    BOOST_TEST(error_of(f + "/broken", "csv", f + "/x") == "etude: error: " + f + "/broken/etude.sqlite: is no database of results\n"
               "  hint: move the file away, or choose another folder with `--out`\n");
    BOOST_TEST(!fs::exists(folder.path() / "x"));
}

BOOST_AUTO_TEST_CASE(a_damaged_store_is_said_to_be_one) {
    const TemporaryFolder folder;
    results_in(folder, "r");
    run_etude({"export", (folder.path() / "r").string(), "--to", "csv"});
    std::string bytes = slurp(folder.path() / "r/etude.sqlite") + slurp(folder.path() / "r/etude.sqlite-wal");
    BOOST_TEST_REQUIRE(bytes.size() > 8192u);
    std::fill(bytes.begin() + 100, bytes.end(), '\x7f');  // the header stays
    folder.write("damaged/etude.sqlite", bytes);
    const Outcome outcome = run_etude({"verify", (folder.path() / "damaged").string()});
    BOOST_TEST(outcome.code == 2, outcome.err);
    BOOST_TEST(has(outcome.err, "/damaged/etude.sqlite: is "), outcome.err);
}

BOOST_AUTO_TEST_CASE(shards_merge_to_the_tables_of_the_whole_and_continue) {
    const TemporaryFolder folder;
    const std::string whole = results_in(folder, "whole").string(), a = results_in(folder, "a", {"seeds=[0,1]"}).string(),
                      b = results_in(folder, "b", {"seeds=[1,2,3]"}).string(), out = (folder.path() / "m").string();
    const Outcome outcome = run_etude({"merge", a, b, "--out", out});
    BOOST_TEST(outcome.code == 0, outcome.err);
    BOOST_TEST(outcome.out.starts_with("small: 12 trials of 2 folders, 3 of them in more than one\n"), outcome.out);
    BOOST_TEST(outcome.err == "");
    for (const char* file : {"trials.csv", "summary.csv", "statistics.json", "resolved.yaml"})
        BOOST_TEST(slurp(folder.path() / "m" / file) == slurp(folder.path() / "whole" / file), file);
    const Outcome more = run_etude({"run", out});
    BOOST_TEST(has(more.out, "12 of 12 trials were done already\n"), more.out + more.err);
    const Outcome again = run_etude({"merge", a, b, "--out", out});
    BOOST_TEST(again.code == 2);
    BOOST_TEST(again.err == "etude: error: " + out + ": holds results already\n  hint: choose an empty or new folder with `--out`\n");
}

BOOST_AUTO_TEST_CASE(two_studies_are_not_merged) {
    const TemporaryFolder folder;
    const std::string a = results_in(folder, "a", {"seeds=1"}).string(),
                      b = results_in(folder, "b", {"seeds=1"}, replaced(small_study, "study: small", "study: other")).string();
    const Outcome outcome = run_etude({"merge", a, b, "--out", (folder.path() / "m").string()});
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.err == "etude: error: " + a + " and " + b + ": hold results of two studies, 'small' and 'other'\n"
               "  hint: only shards of one study can be merged; `etude compare` sets different ones side by side\n");
    BOOST_TEST(!fs::exists(folder.path() / "m"));
}

BOOST_AUTO_TEST_CASE(results_verify_bit_for_bit_on_any_number_of_workers) {
    const TemporaryFolder folder;
    const std::string results = results_in(folder, "r").string();
    for (const std::string jobs : {"1", "3"}) {
        const Outcome all = run_etude({"verify", results, "-n", "all", "-j", jobs});
        BOOST_TEST(all.code == 0, all.err);
        const std::string unchanged = "\nplugins, data, CPU, instructions, oneDNN, compiler and etude's version are those that they ran with\n";
        BOOST_TEST(has(all.out, unchanged + "bit-equal: 12 of 12 trials, "), all.out);
        BOOST_TEST(run_etude({"verify", results, "-n", "0", "-j", jobs}).out == all.out);
    }
    const Outcome two = run_etude({"verify", results, "-n", "2"});
    BOOST_TEST(has(two.out, "\n  trial 0  "), two.out);
    BOOST_TEST(has(two.out, "\n  trial 11  "), two.out);
    BOOST_TEST(has(two.out, "\nbit-equal: 2 of 2 trials, "), two.out);
    const Outcome wrong = run_etude({"verify", results, "-n", "few"});
    BOOST_TEST(wrong.code == 2);
    BOOST_TEST(wrong.err == "etude: error: -n few: not a number of trials\n  hint: a whole number, or `all`\n");
}

BOOST_AUTO_TEST_CASE(a_plugin_with_other_bytes_is_noticed_by_verify_and_refused_by_a_record) {
    const TemporaryFolder folder;
    folder.write("own_exponent.hpp", "// nothing yet\n");
    const std::string plugin = folder.write("fading.cpp", own_schedule("-0.01")).string();
    const std::string results = results_in(folder, "r", {"--plugins", plugin}, fading_study).string();
    BOOST_TEST(run_etude({"verify", results, "--plugins", plugin}).code == 0);
    const Outcome missing = run_etude({"verify", results});
    BOOST_TEST(missing.code == 2);
    BOOST_TEST(has(missing.err, results + ": a stored configuration:11:18: "), missing.err);
    BOOST_TEST(has(missing.err, ": error: there is no schedule 'fading'"), missing.err);

    folder.write("fading.cpp", own_schedule("-0.02"));
    const Outcome changed = run_etude({"verify", results, "--plugins", plugin, "-n", "all"});
    BOOST_TEST(changed.code == 1);
    BOOST_TEST(has(changed.out,
                   "12 of 12 would have another id now: the bytes of their plugins or data, or etude's numerics, have changed since they ran\n"),
               changed.out);
    std::smatch hashes;
    const std::regex named("\nran with schedule 'fading' ([0-9a-f]{8}), now ([0-9a-f]{8}) \\((.*)\\)\nnot bit-equal: ");
    BOOST_TEST_REQUIRE(std::regex_search(changed.out, hashes, named), changed.out);
    BOOST_TEST(hashes[1] != hashes[2]);
    BOOST_TEST(hashes[3] == plugin);
    BOOST_TEST(has(changed.out, "    lr over the epochs: epoch 1: "), changed.out);
    BOOST_TEST(has(changed.out, "\nnot bit-equal: 12 of 12 trials differ\n"), changed.out);
    const Outcome record = run_etude({"export", results, "--to", "record", "--plugins", plugin});
    BOOST_TEST(record.code == 2);
    BOOST_TEST(record.err == "etude: error: " + results +
                                 ": 12 of 12 trials would have another id now: the bytes of their plugins or data, or etude's numerics, "
                                 "have changed since they ran\n  hint: give those they ran with (--plugins, --data), or run the study again\n");
}

BOOST_AUTO_TEST_CASE(a_record_brings_its_plugins_and_data_along) {
    const TemporaryFolder folder;
    folder.write("own_exponent.hpp", "inline constexpr double own_exponent = -0.01;\n");
    const std::string plugin = folder.write("fading.cpp", own_schedule("own_exponent")).string();
    std::string table = "x,y\n";
    for (int i = 0; i < 40; ++i) table += std::to_string(i % 7) + "," + std::to_string(i % 7 * 2 + 1) + "\n";
    folder.write("tables/line.csv", table);
    const std::string study =
        "study: line\ndata: {name: csv, file: tables/line.csv, target: y, test: 10}\nmodel: [{dense: {units: 1}}]\nloss: mean_squared_error\n"
        "train: {epochs: 3, batch: 8}\noptimizer: {name: sgd, lr: 0.01}\nschedule: fading\nseeds: 2\n";
    const std::string file = folder.write("line.yaml", study).string(), results = (folder.path() / "r").string(),
                      record = (folder.path() / "record.json").string();
    BOOST_TEST_REQUIRE(run_etude({"run", file, "--out", results, "--plugins", plugin}).code == 0);
    const Outcome written = run_etude({"export", results, "--to", "record", "--out", record, "--plugins", plugin, "--data", folder.path().string()});
    BOOST_TEST_REQUIRE(written.code == 0, written.err);

    const TemporaryFolder elsewhere;
    fs::rename(record, elsewhere.path() / "record.json");
    for (const char* gone : {"fading.cpp", "own_exponent.hpp", "tables", "r"}) fs::remove_all(folder.path() / gone);
    const Outcome again = run_etude({"reproduce", "record.json", "--out", "new"}, {.folder = elsewhere.path()});
    BOOST_TEST(again.code == 0, again.err);
    BOOST_TEST(again.out.starts_with("line: 2 trials of 1 configurations, recorded by etude 0.1.0\nplugins in the record: fading.cpp\n"
                                     "plugins, data, CPU, instructions, oneDNN, compiler and etude's version are those recorded\n"
                                     "bit-equal: 2 of 2 trials, "), again.out + again.err);
    BOOST_TEST(fs::exists(elsewhere.path() / "new/report.html"));
    BOOST_TEST(slurp(elsewhere.path() / "new/study.yaml") == study);
}

BOOST_AUTO_TEST_CASE(a_record_that_does_not_reproduce_is_told_by_bits_and_by_statistics) {
    const TemporaryFolder folder;
    const std::string results = results_in(folder, "r").string(), record = (folder.path() / "record.json").string();
    BOOST_TEST_REQUIRE(run_etude({"export", results, "--to", "record", "--out", record}).code == 0);
    auto json = nlohmann::ordered_json::parse(slurp(record));
    auto& value = json["trials"][4]["result"]["curves"][3]["final"];  // test_accuracy
    value = value.get<double>() + 1e-9;
    folder.write("near.json", json.dump());
    const Outcome near = run_etude({"reproduce", (folder.path() / "near.json").string(), "-j", "1"});
    BOOST_TEST(near.code == 0, near.err);
    BOOST_TEST(has(near.out, "\nnot bit-equal: 1 of 12 trials differ, in 1 of "), near.out);
    BOOST_TEST(has(near.out, "\nstatistically equal: no configuration differs at the 5 % level (paired t, Holm-adjusted over 3 configurations)\n"),
               near.out);
    for (auto& trial : json["trials"]) {
        auto& score = trial["result"]["curves"][3]["final"];
        score = score.get<double>() - 0.25 + 0.001 * trial["seed"].get<double>();
    }
    folder.write("far.json", json.dump());
    const Outcome far = run_etude({"reproduce", (folder.path() / "far.json").string(), "-n", "all"});
    BOOST_TEST(far.code == 1, far.err);
    BOOST_TEST(has(far.out, "\nnot bit-equal: 12 of 12 trials differ, in 12 of "), far.out);
    BOOST_TEST(has(far.out, "\ndifferent: not the recorded results at the 5 % level ("), far.out);
    const Outcome none = run_etude({"reproduce", results + "/trials.csv"});
    BOOST_TEST(none.code == 2);
    BOOST_TEST(none.err == "etude: error: " + results + "/trials.csv: is no record of a run\n  hint: `etude export DIR --to record` writes one\n");
}

BOOST_AUTO_TEST_CASE(range_tests_instruments_and_schedules_of_other_parameters_verify_too) {
    const TemporaryFolder folder;
    std::string study = replaced(small_study, "optimizer: {name: sgd, lr: 0.1}", "optimizer: {name: sgd, lr: 0.1, momentum: 0.9}");
    study += "schedules: {optimizer.momentum: {name: cosine, end: 0.1}}\nrecord: {lr: update, norms: true, landscape: 1}\n";
    const std::string results = results_in(folder, "r", {"seeds=1"}, study).string();
    const Outcome outcome = run_etude({"verify", results});
    BOOST_TEST(outcome.code == 0, outcome.out + outcome.err);
    BOOST_TEST_REQUIRE(run_etude({"export", results, "--to", "record"}).code == 0);
    BOOST_TEST(run_etude({"reproduce", results + "/record.json"}).code == 0);
    const std::string tests = (folder.path() / "t").string();
    BOOST_TEST_REQUIRE(run_etude({"find-lr", (folder.path() / "small.yaml").string(), "--out", tests, "seeds=2", "--updates", "40"}).code == 0);
    BOOST_TEST(run_etude({"verify", tests}).code == 0);
    for (const std::string format : {"csv", "json", "tensorboard", "optuna", "record"})
        BOOST_TEST(run_etude({"export", tests, "--to", format}).code == 0, format);
    const Outcome again = run_etude({"reproduce", tests + "/record.json"});
    BOOST_TEST(again.code == 0, again.out + again.err);
}

BOOST_AUTO_TEST_SUITE_END()
