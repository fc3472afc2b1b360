// `etude run --watch`: what is saved is run, mistakes are shown and waited on, a signal ends it.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>

#include "cli/etude.hpp"

using namespace etude::test;
namespace fs = std::filesystem;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) { return text.replace(text.find(from), from.size(), to); }

std::size_t rows_of(const fs::path& table) {
    const std::string text = slurp(table);
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_watch)

BOOST_AUTO_TEST_CASE(a_saved_study_runs_again_after_a_mistake_too_and_only_what_is_new_is_trained) {
    const TemporaryFolder folder;
    folder.write("_seeds.yaml", "seeds: 2\n");
    const std::string study = "include: _seeds.yaml\n" + replaced(small_study, "seeds: 4\n", "");
    folder.write("study.yaml", study);
    const fs::path table = folder.path() / "runs/study/trials.csv", page = folder.path() / "runs/study/report.html";
    int stage = 0;
    const fs::path err = folder.path() / "err";
    ProcessOptions options{.folder = folder.path(), .signal = SIGINT};
    options.signal_when = [&] {
        if (stage == 0 && fs::exists(page)) {
            stage = 1;
            folder.write("study.yaml", replaced(study, "optimizer: {name: sgd", "optimizer: {name: sdg"));
        } else if (stage == 1 && slurp(err).find("1 error") != std::string::npos) {
            stage = 2;
            folder.write("study.yaml", study);
            folder.write("_seeds.yaml", "seeds: 3\n");
        }
        return stage == 2 && rows_of(table) == 1 + 3 * 3;
    };
    const Outcome outcome = run_process({"/bin/sh", "-c", "exec " ETUDE_BINARY " run study.yaml --watch --out runs/study 2> err"}, options);
    BOOST_TEST(outcome.code == 130);
    BOOST_TEST(slurp(err).find("study.yaml:10:19: error: there is no optimizer 'sdg'") != std::string::npos, slurp(err));
    BOOST_TEST(slurp(err).find("watching study.yaml; Ctrl-C ends\n") != std::string::npos, slurp(err));
    BOOST_TEST(outcome.out.find("small: 9 trials, 3 configurations\n") != std::string::npos, outcome.out);
    BOOST_TEST(outcome.out.find("6 of 9 trials were done already\n") != std::string::npos, outcome.out);
}

BOOST_AUTO_TEST_CASE(a_saved_header_of_a_plugins_source_runs_the_study_again) {
    const TemporaryFolder folder;
    const auto write_share = [&](const char* share) {
        folder.write("parts/share.hpp", std::string("#pragma once\ninline constexpr double share = ") + share + ";\n");
    };
    fs::create_directories(folder.path() / "parts");
    write_share("0.5");
    folder.write("parts/all.hpp", "#pragma once\n #  include \"share.hpp\"\n");
    folder.write("mine.cpp", R"(#include <etude/plugin.hpp>
#include "parts/all.hpp"
struct Mine {
    static constexpr auto name = "mine";
    static constexpr auto summary = "A share of the rate.";
    static constexpr auto source = "";
    static constexpr auto params() { return std::tuple{}; }
    double factor(const etude::Clock&) const { return share; }
};
ETUDE_PLUGIN(Mine)
)");
    folder.write("study.yaml", small_study + "schedule: mine\n");
    const fs::path table = folder.path() / "runs/study/trials.csv", page = folder.path() / "runs/study/report.html";
    std::string first;
    ProcessOptions options{.folder = folder.path(), .signal = SIGINT};
    options.signal_when = [&] {
        if (first.empty() && fs::exists(page)) {
            first = slurp(table);
            write_share("0.25");
        }
        return !first.empty() && rows_of(table) == 1 + 3 * 4 && slurp(table) != first;
    };
    const Outcome outcome = run_process({ETUDE_BINARY, "run", "study.yaml", "--plugins", "mine.cpp", "--watch", "--out", "runs/study"}, options);
    BOOST_TEST(outcome.code == 130, outcome.err);
    BOOST_TEST(outcome.out.find("small: 12 trials, 3 configurations\n") != outcome.out.rfind("small: 12 trials, 3 configurations\n"), outcome.out);
}

BOOST_AUTO_TEST_CASE(a_folder_cannot_be_watched) {
    const TemporaryFolder folder;
    const Outcome outcome = run_etude({"run", ".", "--watch"}, {.folder = folder.path()});
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.err == "etude: error: . is no study file, which --watch needs\n  hint: a study is a YAML file; `experiments/` has many\n");
}

BOOST_AUTO_TEST_SUITE_END()
