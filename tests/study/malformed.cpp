// Every file of malformed/ against the whole text of its errors (.txt). `# arguments: a=b c=d` on its first line gives overrides.
// ETUDE_APPROVE=1 writes the texts anew, to be read before they are committed.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/files.hpp"
#include "base/text.hpp"
#include "study/support.hpp"

namespace {

using namespace etude;
using namespace etude::test;

/// Messages name files as they were given: relative to this folder.
struct InFolderOfStudies {
    std::filesystem::path before = std::filesystem::current_path();
    InFolderOfStudies() { std::filesystem::current_path(ETUDE_SOURCE_DIR "/tests/study/malformed"); }
    ~InFolderOfStudies() { std::filesystem::current_path(before); }
};

std::vector<std::filesystem::path> malformed_studies() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator("."))
        if (entry.path().extension() == ".yaml" && !entry.path().filename().string().starts_with('_')) files.push_back(entry.path().filename());
    std::ranges::sort(files);
    return files;
}

std::vector<std::string> arguments_of(const std::string& study) {
    static const std::string mark = "# arguments: ";
    if (!study.starts_with(mark)) return {};
    std::vector<std::string> arguments;
    for (const std::string& word : split(std::string_view(study).substr(mark.size(), study.find('\n') - mark.size()), ' '))
        if (!word.empty()) arguments.push_back(word);
    return arguments;
}

std::string refusal(const std::filesystem::path& file, Registry& registry) {
    try {
        DataPaths data = DataPaths::standard();
        data.beside = {"."};
        Study::read(file, registry, {arguments_of(read_file(file)), data});
    } catch (const Error& error) {
        return std::string(error.what()) + "\n";
    }
    return "accepted\n";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(malformed_studies_are_refused, InFolderOfStudies)

BOOST_AUTO_TEST_CASE(each_with_the_whole_text_of_its_errors) {
    Registry registry = plugins();
    const bool approve = std::getenv("ETUDE_APPROVE") != nullptr;
    const auto files = malformed_studies();
    BOOST_TEST(files.size() >= 45u);
    for (const std::filesystem::path& file : files) {
        const std::string text = refusal(file, registry);
        std::filesystem::path expected = file;
        expected.replace_extension(".txt");
        if (approve) write_file(expected, text);
        BOOST_TEST_CONTEXT(file.string()) {
            BOOST_TEST(text != "accepted\n");
            BOOST_TEST(text == read_file(expected));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
