// The tables of published against measured numbers in experiments/*/README.md: a row is
//   | `study` | `column=value ...` | metric | published | measured |
// This test runs each study that a table names at full length and holds the column `measured` true, within the noise of its seeds.
// Studies that take hours keep the trials.csv of their run in results/ beside them: there the table is held to that file, and the file to the plan;
// ETUDE_STUDIES=long trains them, too.
// ETUDE_APPROVE=1 writes the column anew instead.
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>

#include "studies/results_table.hpp"
#include "support/process.hpp"

namespace {

namespace fs = std::filesystem;
using namespace etude::test;

std::string trimmed(std::string text) {
    std::erase(text, '`');
    const auto first = text.find_first_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

struct Row {
    std::string study, where, metric, published, measured;
};

/// The row that `line` is, if it is one of these tables.
std::optional<Row> parse_row(const std::string& line) {
    if (!line.starts_with("| `")) return std::nullopt;
    std::vector<std::string> cells;
    std::istringstream in(line.substr(1));
    for (std::string cell; std::getline(in, cell, '|');) cells.push_back(trimmed(cell));
    if (cells.size() != 5) return std::nullopt;
    return Row{cells[0], cells[1], cells[2], cells[3], cells[4]};
}

/// The kept results of a study, if it is one that is not run here.
std::optional<fs::path> kept_results(const fs::path& study) {
    const char* wanted = std::getenv("ETUDE_STUDIES");
    const fs::path file = study.parent_path() / "results" / (study.stem().string() + ".csv");
    if (!fs::exists(file) || (wanted != nullptr && std::string(wanted) == "long")) return std::nullopt;
    return file;
}

/// Results of the studies run so far.
class Studies {
  public:
    const ResultsTable& of(const fs::path& file) {
        auto found = tables_.find(file);
        if (found != tables_.end()) return found->second;
        if (const auto kept = kept_results(file)) return tables_.emplace(file, ResultsTable(*kept)).first->second;
        const fs::path out = folder_.path() / (file.parent_path().filename().string() + "-" + file.stem().string());
        const Outcome outcome = run_process({ETUDE_BINARY, "run", file.string(), "--out", out.string()});
        if (outcome.code != 0) throw std::runtime_error(file.string() + ": " + outcome.err);
        return tables_.emplace(file, ResultsTable(out / "trials.csv")).first->second;
    }

  private:
    TemporaryFolder folder_;
    std::map<fs::path, ResultsTable> tables_;
};

std::string measured_text(const Moments& moments) {
    if (std::abs(moments.mean) < 0.01) return fmt::format("{:.3g} ± {:.2g} (n = {})", moments.mean, moments.std, moments.n);
    return fmt::format("{:.4f} ± {:.4f} (n = {})", moments.mean, moments.std, moments.n);
}

/// Another CPU may take other kernels, and so other bits: the mean may move by what its own seeds leave open.
void check_row(const Row& row, const Moments& moments, const std::string& place) {
    const double written = std::stod(row.measured), rounding = std::min(0.003, 0.01 * std::abs(moments.mean));
    BOOST_TEST(std::abs(written - moments.mean) <= 4 * moments.sem() + rounding, place << ": " << row.study << " " << row.where << " " << row.metric
                                                                                       << ": written " << row.measured << ", measured "
                                                                                       << measured_text(moments));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(studies)

BOOST_AUTO_TEST_CASE(the_tables_of_the_experiments_are_true) {
    const bool approve = std::getenv("ETUDE_APPROVE") != nullptr;
    Studies studies;
    std::size_t rows = 0;
    for (const auto& family : fs::directory_iterator(fs::path(ETUDE_SOURCE_DIR) / "experiments")) {
        const fs::path readme = family.path() / "README.md";
        if (!fs::exists(readme)) continue;
        std::string rewritten;
        std::istringstream lines(slurp(readme));
        for (std::string line; std::getline(lines, line); rewritten += line + "\n") {
            const std::optional<Row> row = parse_row(line);
            if (!row) continue;
            ++rows;
            const Moments moments = studies.of(family.path() / (row->study + ".yaml")).of(row->metric, row->where);
            BOOST_TEST_REQUIRE(moments.n > 0u, readme.string() << ": no trial of " << row->study << " has " << row->where);
            if (approve)
                line = fmt::format("| `{}` | `{}` | {} | {} | {} |", row->study, row->where, row->metric, row->published, measured_text(moments));
            else check_row(*row, moments, readme.string());
        }
        if (approve) std::ofstream(readme) << rewritten;
    }
    BOOST_TEST(rows > 20u, "there are tables to check");
}

BOOST_AUTO_TEST_CASE(every_study_of_the_experiments_is_sound_and_kept_results_are_of_its_plan) {
    const fs::path shared = fs::path(ETUDE_SOURCE_DIR) / "../shared/data";  // CIFAR-10, which no package of the distribution has
    const bool has_cifar = fs::exists(shared / "cifar-10-batches-bin");
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(ETUDE_SOURCE_DIR) / "experiments")) {
        const fs::path& file = entry.path();
        if (file.extension() != ".yaml" || file.filename().string().starts_with('_')) continue;
        ProcessOptions options;
        if (has_cifar) options.environment = {{"ETUDE_DATA", fs::weakly_canonical(shared).string()}};
        const Outcome outcome = run_process({ETUDE_BINARY, "run", file.string(), "--dry-run"}, options);
        if (!has_cifar && outcome.err.find("cifar10") != std::string::npos && outcome.err.find("scripts/get-data") != std::string::npos) {
            BOOST_TEST_MESSAGE("skipped: " << file << " needs CIFAR-10, which is not here");
            continue;
        }
        BOOST_TEST(outcome.code == 0, file.string() << "\n" << outcome.err);
        if (const auto kept = kept_results(file)) {
            const std::string said = fmt::format(" {} trials", ResultsTable(*kept).size());
            BOOST_TEST(outcome.out.find(said) != std::string::npos, *kept << " has" << said << ", the plan says\n" << outcome.out);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
