// scripts/get-data with file:// addresses: what arrives whole is put in its place in one step, what does not leaves nothing behind.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdio>
#include <thread>

#include "base/files.hpp"
#include "base/text.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace etude;
namespace fs = std::filesystem;

struct Outcome {
    int code = -1;
    std::string text;  ///< stdout and stderr
};

Outcome run(const std::string& command) {
    Outcome outcome;
    std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    BOOST_REQUIRE(pipe != nullptr);
    std::array<char, 4096> buffer;
    for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) outcome.text.append(buffer.data(), got);
    outcome.code = WEXITSTATUS(::pclose(pipe));
    return outcome;
}

struct Fixture {
    test::TemporaryFolder folder;
    fs::path source = folder.path() / "source", target = folder.path() / "target", table = folder.path() / "table";

    /// A line of the table for a file of the source folder; its own hash unless another is given.
    std::string line(const std::string& name, const std::string& file, std::string hash = "") const {
        if (hash.empty()) hash = run("sha256sum " + (source / file).string()).text.substr(0, 64);
        return name + " " + name + "-folder " + hash + " file://" + (source / file).string() + "\n";
    }
    Outcome get(const std::string& name) const {
        return run("ETUDE_DATA_TABLE=" + table.string() + " " + ETUDE_SOURCE_DIR + "/scripts/get-data " + name + " " + target.string());
    }
    /// The message, without what differs from run to run.
    std::string message(const std::string& name) const {
        std::string text = get(name).text;
        const std::string prefix = folder.path().string() + "/";
        for (std::size_t found = text.find(prefix); found != std::string::npos; found = text.find(prefix)) text.erase(found, prefix.size());
        return text;
    }
    /// Everything below the target, hidden files included.
    std::size_t left_behind() const {
        if (!fs::exists(target)) return 0;
        return static_cast<std::size_t>(std::distance(fs::recursive_directory_iterator(target), fs::recursive_directory_iterator{}));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(get_data, Fixture)

BOOST_AUTO_TEST_CASE(files_and_archives_arrive_in_the_folder_of_their_set) {
    folder.write("source/one.gz", "first");
    folder.write("source/two.gz", "second");
    folder.write("source/pack/inside.bin", "third");
    BOOST_REQUIRE_EQUAL(run("tar -czf " + (source / "pack.tar.gz").string() + " -C " + source.string() + " pack").code, 0);
    folder.write("table", "# a comment\n" + line("files", "one.gz") + line("files", "two.gz") + line("archive", "pack.tar.gz"));
    BOOST_TEST(message("files") ==
               "get-data: fetching file://source/one.gz\nget-data: fetching file://source/two.gz\nget-data: target/files-folder\n");
    BOOST_TEST(read_file(target / "files-folder/one.gz") == "first");
    BOOST_TEST(read_file(target / "files-folder/two.gz") == "second");
    BOOST_TEST(get("archive").code == 0);
    BOOST_TEST(read_file(target / "archive-folder/inside.bin") == "third");
    BOOST_TEST(left_behind() == 5u);
    BOOST_TEST(message("files") == "get-data: target/files-folder is there\n");
}

BOOST_AUTO_TEST_CASE(a_wrong_hash_is_refused_and_nothing_is_left_behind) {
    folder.write("source/one.gz", "first");
    folder.write("source/two.gz", "second");
    const std::string wrong(64, '0'), right = run("sha256sum " + (source / "two.gz").string()).text.substr(0, 64);
    folder.write("table", line("files", "one.gz") + line("files", "two.gz", wrong));
    BOOST_TEST(message("files") ==
               "get-data: fetching file://source/one.gz\nget-data: fetching file://source/two.gz\nget-data: file://source/two.gz has SHA-256 " +
                   right + ", not " + wrong + ": nothing was kept\n");
    BOOST_TEST(get("files").code == 2);
    BOOST_TEST(left_behind() == 0u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_fetched_or_unpacked_leaves_nothing_behind) {
    folder.write("source/broken.tar.gz", "no archive");
    folder.write("table", line("missing", "gone.gz", std::string(64, '0')) + line("broken", "broken.tar.gz"));
    for (const char* name : {"missing", "broken"}) {
        const Outcome outcome = get(name);
        BOOST_TEST(outcome.code == 2, name);
        BOOST_TEST(left_behind() == 0u, name);
    }
    BOOST_TEST(get("broken").text.ends_with("broken.tar.gz could not be unpacked\n"));
    BOOST_TEST(get("missing").text.ends_with("gone.gz could not be fetched\n"));
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_answered_with_those_there_are) {
    folder.write("source/one.gz", "first");
    folder.write("table", line("b", "one.gz") + line("a", "one.gz"));
    BOOST_TEST(message("c") == "get-data: no data set 'c'; there are: a b\n");
    BOOST_TEST(run(std::string(ETUDE_SOURCE_DIR) + "/scripts/get-data").text == "usage: scripts/get-data NAME [DIR]; there are: cifar10 mnist\n");
}

/// The address is a pipe that nobody writes to: the download hangs until it is interrupted.
BOOST_AUTO_TEST_CASE(an_interrupted_download_leaves_nothing_behind) {
    fs::create_directories(source);
    BOOST_REQUIRE_EQUAL(::mkfifo((source / "slow.gz").c_str(), 0600), 0);
    folder.write("table", line("slow", "slow.gz", std::string(64, '0')));
    const pid_t child = ::fork();
    if (child == 0) {
        ::setpgid(0, 0);
        ::setenv("ETUDE_DATA_TABLE", table.c_str(), 1);
        ::execl(ETUDE_SOURCE_DIR "/scripts/get-data", "get-data", "slow", target.c_str(), nullptr);
        ::_exit(127);
    }
    ::setpgid(child, child);
    while (left_behind() < 2 && ::waitpid(child, nullptr, WNOHANG) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    BOOST_TEST(left_behind() == 2u);  // the working folder and its content
    ::kill(-child, SIGTERM);
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST(WEXITSTATUS(status) == 130);
    BOOST_TEST(left_behind() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
