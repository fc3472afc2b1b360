// `etude best`, `show`, `diff`, `compare`: reading the results of small studies.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/etude.hpp"

using namespace etude::test;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// The small study, done once: 3 rates x 4 seeds, in `small`, and with momentum in `heavy`.
struct Done {
    Done() {
        folder.write("study.yaml", small_study);
        BOOST_REQUIRE(run_etude({"run", "study.yaml", "--out", "small", "-j1"}, {.folder = folder.path()}).code == 0);
    }
    Outcome operator()(const std::vector<std::string>& arguments) const { return run_etude(arguments, {.folder = folder.path()}); }
    Json json(std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(), {"--format", "json"});
        return Json::parse((*this)(arguments).out);
    }
    TemporaryFolder folder;
};

struct Two : Done {
    Two() { run("heavy", "0.9"); }
    void run(const std::string& name, const std::string& momentum) const {
        const Outcome outcome = (*this)({"run", "study.yaml", "study=" + name, "optimizer.momentum=" + momentum, "--out", name, "-j1"});
        BOOST_REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_reading)

BOOST_FIXTURE_TEST_CASE(best_says_who_leads_and_what_is_not_significantly_worse, Done) {
    const Outcome outcome = (*this)({"best", "small"});
    BOOST_TEST(outcome.code == 0);
    BOOST_TEST(has(outcome.out, " is best: final test accuracy 0."), outcome.out);
    BOOST_TEST(has(outcome.out, "rank  configuration"), outcome.out);
    const Json best = json({"best", "small"});
    const Json& leader = best["leaders"][0];
    BOOST_TEST(leader["rank"] == 1);
    BOOST_TEST(leader["n"] == 4);
    BOOST_TEST(leader["trials"].size() == 4U);
    BOOST_TEST(leader["ci"][0].get<double>() < leader["mean"].get<double>());
    for (std::size_t i = 1; i < best["leaders"].size(); ++i) BOOST_TEST((best["leaders"][i]["p_holm"].get<double>() > 0.05));
    BOOST_TEST(has(outcome.out, "`etude show small "), outcome.out);
}

BOOST_FIXTURE_TEST_CASE(show_tells_all_of_a_trial_by_number_or_beginning_of_its_id, Done) {
    const Json trial = json({"show", "small", "5"});
    BOOST_TEST(trial["configuration"] == "lr 0.1");
    BOOST_TEST(trial["seed"] == 1);
    BOOST_TEST(trial["record"]["curves"]["test_loss"].size() == 6U);
    BOOST_TEST(trial["record"]["final"]["test_accuracy"] == trial["score"]);
    const std::string id = trial["id"];
    const Outcome by_number = (*this)({"show", "small", "5"}), by_id = (*this)({"show", "small", id.substr(0, 10)});
    BOOST_TEST(by_number.out == by_id.out);
    for (const std::string& part : {std::string("trial 5 of small, id ") + id + "\nlr 0.1, seed 1; the configuration has rank ",
                                    std::string("completed: 6 epochs, 24 updates, "), std::string("\ntest accuracy\n"), std::string("\nhost "),
                                    std::string("optimizer: {name: sgd, lr: 0.1,")})
        BOOST_TEST(has(by_number.out, part), by_number.out);
    BOOST_TEST(has((*this)({"show", "small", "5", "--metric", "test_loss"}).out, "\ntest loss\n"));
}

BOOST_FIXTURE_TEST_CASE(what_is_not_there_is_said, Done) {
    BOOST_TEST((*this)({"show", "small", "zz"}).err ==
               "etude: error: small: no trial is called 'zz'\n  hint: a number from 0 to 11, or the beginning of an id, as trials.csv has them\n");
    BOOST_TEST((*this)({"show", "small", "5", "--metric", "tset_loss"}).err ==
               "etude: error: there is no metric 'tset_loss'\n  hint: did you mean 'test_loss'?\n");
    BOOST_TEST((*this)({"diff", "small", "0", "lr 0.2"}).err ==
               "etude: error: small: there is no trial and no configuration 'lr 0.2'\n"
               "  hint: a trial's number or the beginning of its id, or a configuration: did you mean 'lr 0.1'?\n");
    const Outcome alone = (*this)({"compare", "small"});
    BOOST_TEST(alone.code == 2);
    BOOST_TEST(alone.err == "etude: error: there is one folder, and nothing to compare it with\n  hint: `etude compare DIR DIR...`\n");
}

BOOST_FIXTURE_TEST_CASE(diff_shows_leaves_metrics_and_a_paired_test, Done) {
    const Json configurations = json({"diff", "small", "lr 0.1", "lr 0.01"});
    BOOST_TEST(configurations["leaves"] == Json::parse(R"({"optimizer.lr": ["0.1", "0.01"]})"));
    BOOST_TEST(configurations["test"]["pairs"] == 4);
    const double gap = configurations["metrics"]["score"][0].get<double>() - configurations["metrics"]["score"][1].get<double>();
    BOOST_TEST(configurations["test"]["difference"].get<double>() == gap, boost::test_tools::tolerance(1e-9));
    const Outcome trials = (*this)({"diff", "small", "4", "5"});
    BOOST_TEST(has(trials.out, "trial 4 (lr 0.1, seed 0) against trial 5 (lr 0.1, seed 1)\n\nleaf  trial 4  trial 5\nseed        0        1\n"),
               trials.out);
    BOOST_TEST(!has(trials.out, "significant"), trials.out);
}

BOOST_FIXTURE_TEST_CASE(compare_tests_the_best_of_each_and_writes_table_figure_and_page, Two) {
    const Outcome outcome = (*this)({"compare", "small", "heavy", "--out", "both"});
    BOOST_TEST(outcome.code == 0, outcome.err);
    BOOST_TEST(has(outcome.out, " is best: lr "), outcome.out);
    BOOST_TEST(has(outcome.out, "paired t-test over 4 shared seeds, p "), outcome.out);  // four seeds: ranks cannot decide
    BOOST_TEST(has(outcome.out, "Each best was chosen on the seeds it is compared on"), outcome.out);
    const std::string csv = slurp(folder.path() / "both/compare.csv");
    BOOST_TEST(csv.starts_with("study,configuration,optimizer.lr,n,mean,std,sem,ci_low,ci_high,diverged,rank\nsmall,lr 1,1,4,0."), csv);
    BOOST_TEST(std::count(csv.begin(), csv.end(), '\n') == 7);
    BOOST_TEST(has(slurp(folder.path() / "both/compare.svg"), "heavy"));
    BOOST_TEST(has(slurp(folder.path() / "both/compare.html"), "<figure>\n<svg role=\"img\""));
}

BOOST_FIXTURE_TEST_CASE(other_seeds_are_compared_unpaired_and_other_metrics_not_at_all, Done) {
    BOOST_REQUIRE((*this)({"run", "study.yaml", "study=other", "seeds=[10, 11, 12, 13]", "--out", "other", "-j1"}).code == 0);
    const Outcome unpaired = (*this)({"compare", "small", "other"});
    BOOST_TEST((has(unpaired.out, "Welch's t-test, p ") || has(unpaired.out, "Mann-Whitney, p ")), unpaired.out);
    BOOST_REQUIRE(
        (*this)({"run", "study.yaml", "study=losses", "metric={name: test_loss, goal: minimize, at: final}", "--out", "losses", "-j1"}).code == 0);
    BOOST_TEST((*this)({"compare", "small", "losses"}).err ==
               "etude: error: losses: ranks by the smallest final test loss, small by the largest final test accuracy\n"
               "  hint: only studies of one metric stand in one table; run one of them again with `metric=...`: nothing is trained again\n");
}

BOOST_AUTO_TEST_SUITE_END()
