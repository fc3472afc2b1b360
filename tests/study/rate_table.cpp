#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "study/support.hpp"

namespace {

using namespace etude;
using namespace etude::test;

const std::string with_table = network + sgd + "schedule: {name: table, file: rates.csv, shape: hold}\n";

/// A study beside a file of rates.
struct Beside {
    explicit Beside(const std::string& csv, const std::string& yaml = with_table) : study(folder.write("study.yaml", yaml)) {
        folder.write("rates.csv", csv);
    }
    Study read() { return Study::read(study, registry, {{}, DataPaths::standard()}); }
    std::string refusal() {
        try {
            read();
        } catch (const Error& error) {
            std::string text = error.what();
            const std::string prefix = folder.path().string() + "/";
            for (std::size_t at = 0; (at = text.find(prefix, at)) != std::string::npos;) text.erase(at, prefix.size());
            return text;
        }
        return "";
    }
    TemporaryFolder folder;
    std::filesystem::path study;
    Registry registry = plugins();
};

}  // namespace

BOOST_AUTO_TEST_SUITE(study_rate_table)

BOOST_AUTO_TEST_CASE(a_file_is_the_numbers_in_it) {
    Beside file("update,epoch,lr\n0,0,0.1\n5,1,0.02\n10,2,3e-3\n");
    const Study from_file = file.read();
    const Study written = read_text(
        network + sgd + "schedule: {name: table, shape: hold, at: [{updates: 0}, {updates: 5}, {updates: 10}], values: [0.1, 0.02, 0.003]}\n");
    BOOST_TEST(ids_of(from_file) == ids_of(written), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(epochs_say_when_where_no_updates_do) {
    Beside file("lr,epoch\n0.1,0\n0.05,2.5\n");
    const Study written = read_text(network + sgd + "schedule: {name: table, shape: hold, at: [{epochs: 0}, {epochs: 2.5}], values: [0.1, 0.05]}\n");
    BOOST_TEST(ids_of(file.read()) == ids_of(written), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_broken_file_is_refused_at_its_name_with_the_place_in_it) {
    const std::string at = "study.yaml:9:31: error: rates.csv",
                      line = "\n  schedule: {name: table, file: rates.csv, shape: hold}\n                                ^\n";
    const auto refused = [&](const std::string& csv) { return Beside(csv).refusal(); };
    BOOST_TEST(refused("").starts_with(at + ": the file is empty" + line));
    BOOST_TEST(refused("update,rate\n0,1\n").starts_with(at + ": there is no column 'lr'; there are update, rate" + line));
    BOOST_TEST(refused("time,lr\n0,1\n").starts_with(at + ": there is no column 'update'; there are time, lr" + line));
    BOOST_TEST(refused("update,lr\n0,0.1\n1,fast\n").starts_with(at + ":3:3: lr = 'fast' is not a number at or above 0" + line));
    BOOST_TEST(refused("update,lr\n0,-0.1\n").starts_with(at + ":2:3: lr = '-0.1' is not a number at or above 0" + line));
    BOOST_TEST(refused("update,lr\n0,nan\n").starts_with(at + ":2:3: lr = 'nan' is not a number at or above 0" + line));
    BOOST_TEST(refused("update,lr\n5,0.1\n5,0.2\n").find("at must be strictly increasing") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_missing_file_and_lists_beside_a_file_are_refused) {
    BOOST_TEST(errors_of(with_table).starts_with("study.yaml:9:31: error: rates.csv: "));
    const std::string both = network + sgd + "schedule: {name: table, file: rates.csv, at: [0], values: [1]}\n";
    BOOST_TEST(errors_of(both).starts_with("study.yaml:9:25: error: 'file' stands for 'at' and 'values'; both are given\n"));
}

BOOST_AUTO_TEST_CASE(tables_may_be_swept_and_combined) {
    Beside file("update,lr\n0,0.1\n",
                network + sgd +
                    "sweep:\n  schedule: [{name: table, file: rates.csv}, {product: [{name: table, file: rates.csv}, {name: constant}]}]\n");
    BOOST_TEST(file.read().plan().trials.size() == 2U);
}

BOOST_AUTO_TEST_CASE(files_are_swept_by_path_as_whole_schedules_are) {
    const std::string base = network + sgd + "schedule: {name: table, shape: hold}\n";
    const std::string other = "update,lr\n0,0.2\n5,0.1\n", csv = "update,lr\n0,0.1\n5,0.02\n";
    Beside by_path(csv, base + "sweep: {schedule.file: [rates.csv, other.csv], optimizer.momentum: [0, 0.5]}\n");
    by_path.folder.write("other.csv", other);
    const Study study = by_path.read();
    BOOST_TEST(labels_of(study) == "rates.csv, momentum 0|rates.csv, momentum 0.5|other.csv, momentum 0|other.csv, momentum 0.5");
    Beside whole(csv, base +
                          "sweep: {schedule: [{name: table, shape: hold, file: rates.csv}, {name: table, shape: hold, file: other.csv}], "
                          "optimizer.momentum: [0, 0.5]}\n");
    whole.folder.write("other.csv", other);
    BOOST_TEST(ids_of(study) == ids_of(whole.read()), boost::test_tools::per_element());
    // From another folder, by way of its results: they need no file.
    BOOST_TEST(study.resolved().find(".csv") != std::string::npos);
    BOOST_TEST(ids_of(read_text(study.resolved())) == ids_of(study), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_axis_of_files_needs_a_table) {
    Beside file("update,lr\n0,0.1\n", network + sgd + "schedule: cosine\nsweep: {schedule.file: [rates.csv]}\n");
    BOOST_TEST(file.refusal().starts_with("study.yaml:10:9: error: 'schedule.file' is of a schedule 'table', which 'schedule' is not\n"),
               file.refusal());
    Beside missing("update,lr\n0,0.1\n", network + sgd + "schedule: table\nsweep: {schedule.file: [rates.csv, none.csv]}\n");
    BOOST_TEST(missing.refusal().starts_with("study.yaml:10:36: error: none.csv: "), missing.refusal());
}

BOOST_AUTO_TEST_SUITE_END()
