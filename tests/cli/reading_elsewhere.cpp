// The lines of framework/report/README.md that read results with other tools, run as they stand. Skipped, and said, where the tools are not
// installed.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "cli/etude.hpp"

using namespace etude::test;
namespace fs = std::filesystem;

namespace {

/// The blocks fenced as ```language of the guide.
std::vector<std::string> blocks(const std::string& language) {
    const std::string guide = slurp(ETUDE_SOURCE_DIR "/framework/report/README.md"), fence = "\n```" + language + "\n";
    std::vector<std::string> found;
    for (std::size_t at = guide.find(fence); at != std::string::npos; at = guide.find(fence, at + 1))
        found.push_back(guide.substr(at + fence.size(), guide.find("\n```", at + fence.size()) - at - fence.size()) + "\n");
    return found;
}

/// Runs each block of the guide on a small study in runs/small.
void check(const std::string& language, const std::vector<std::string>& program, const std::vector<std::string>& probe) {
    const auto found = blocks(language);
    BOOST_REQUIRE(found.size() == 2U);
    if (!fs::exists(program.front()) || run_process(probe).code != 0) {
        BOOST_TEST_MESSAGE("skipped: " + program.front() + " or its package is not installed");
        return;
    }
    const TemporaryFolder folder;
    folder.write("study.yaml", small_study);
    BOOST_REQUIRE(run_etude({"run", "study.yaml", "--out", "runs/small", "-j1"}, {.folder = folder.path()}).code == 0);
    for (const std::string& block : found) {
        BOOST_TEST(std::count(block.begin(), block.end(), '\n') <= 5, block);
        std::vector<std::string> arguments = program;
        arguments.push_back(folder.write("block", block));
        const Outcome outcome = run_process(arguments, {.folder = folder.path()});
        BOOST_TEST(outcome.code == 0, outcome.err);
        BOOST_TEST(outcome.out.find("0.01") != std::string::npos, outcome.out);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reading_elsewhere)

BOOST_AUTO_TEST_CASE(the_guides_lines_of_pandas_run) { check("python", {"/usr/bin/python3"}, {"/usr/bin/python3", "-c", "import pandas"}); }

BOOST_AUTO_TEST_CASE(the_guides_lines_of_r_run) { check("r", {"/usr/bin/Rscript"}, {"/usr/bin/Rscript", "--version"}); }

BOOST_AUTO_TEST_SUITE_END()
