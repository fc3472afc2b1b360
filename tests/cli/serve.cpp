// `etude serve`: the page beside a sweep; for this machine alone. Skipped, and said, where curl is not installed.
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "cli/etude.hpp"

using namespace etude::test;
namespace fs = std::filesystem;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

bool no_curl() {
    const bool missing = !fs::exists("/usr/bin/curl");
    if (missing) BOOST_TEST_MESSAGE("skipped: curl is not installed");
    return missing;
}

/// `etude serve` on a free port, until it goes.
class Server {
  public:
    explicit Server(const fs::path& folder) : out_(folder / "serve.out") {
        thread_ = std::thread([this, folder] {
            ProcessOptions options{.folder = folder, .signal = SIGINT};
            options.signal_when = [this] { return done_.load(); };
            outcome_ = run_process({"/bin/sh", "-c", "exec " ETUDE_BINARY " serve small --port 0 > serve.out"}, options);
        });
        for (int i = 0; i < 5000 && !has(slurp(out_), "Ctrl-C ends"); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        const std::string text = slurp(out_);
        const std::size_t from = text.find("http://");
        if (from != std::string::npos) address_ = text.substr(from, text.find("/ ", from) - from);
    }
    ~Server() { if (thread_.joinable()) end(); }
    const std::string& address() const { return address_; }
    std::string get(const std::string& path, const std::vector<std::string>& options = {}) const {
        std::vector<std::string> arguments{"/usr/bin/curl", "--silent", "--path-as-is", "--write-out", "%{http_code}", address_ + path};
        arguments.insert(arguments.end(), options.begin(), options.end());
        return run_process(arguments).out;
    }
    Outcome end() {
        done_ = true;
        thread_.join();
        return outcome_;
    }

  private:
    fs::path out_;
    std::atomic<bool> done_{false};
    std::thread thread_;
    Outcome outcome_;
    std::string address_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_serve)

BOOST_AUTO_TEST_CASE(a_page_asked_for_again_beside_a_run_has_more_trials) {
    if (no_curl()) return;
    const TemporaryFolder folder;
    folder.write("study.yaml", small_study);
    const auto run = [&](const std::string& seeds) {
        return run_etude({"run", "study.yaml", "seeds=" + seeds, "--out", "small", "-j1"}, {.folder = folder.path()}).code;
    };
    BOOST_REQUIRE(run("2") == 0);
    Server server(folder.path());
    BOOST_TEST(server.address().starts_with("http://127.0.0.1:"));
    const std::string before = server.get("/version");
    BOOST_TEST(has(server.get("/"), "data-done=\"6\" data-planned=\"6\""));
    BOOST_REQUIRE(run("4") == 0);
    BOOST_TEST(server.get("/version") != before);
    BOOST_TEST(has(server.get("/"), "data-done=\"12\" data-planned=\"12\""));
    BOOST_TEST(server.get("/trials.csv") == slurp(folder.path() / "small/trials.csv") + "200");
    BOOST_TEST(server.get("/statistics.json") == slurp(folder.path() / "small/statistics.json") + "200");
    BOOST_TEST(server.end().code == 130);
}

BOOST_AUTO_TEST_CASE(only_browsers_of_this_machine_get_something_and_only_the_page_and_its_data) {
    if (no_curl()) return;
    const TemporaryFolder folder;
    folder.write("study.yaml", small_study);
    BOOST_REQUIRE(run_etude({"run", "study.yaml", "seeds=1", "--out", "small", "-j1"}, {.folder = folder.path()}).code == 0);
    Server server(folder.path());
    BOOST_TEST(server.get("/", {"--header", "Host: rebound.example"}) == "this page is for browsers of the machine it runs on\n403");
    BOOST_TEST(server.get("/version", {"--header", "Host: localhost:1"}) == "this page is for browsers of the machine it runs on\n403");
    BOOST_TEST(server.get("/", {"--request", "POST"}) == "there is nothing to do but GET\n405");
    for (const char* path : {"/etude.sqlite", "/../study.yaml", "/%2e%2e/study.yaml", "/figures/../study.yaml", "/nothing"})
        BOOST_TEST(server.get(path) == "there is nothing of that name\n404", path);
    BOOST_TEST(has(server.get("/resolved.yaml"), "study: small\n"));
    const Outcome twice = run_etude({"serve", "small", "--port", server.address().substr(server.address().rfind(':') + 1)},
                                    {.folder = folder.path()});
    BOOST_TEST(twice.code == 2);
    BOOST_TEST(has(twice.err, " cannot be listened at: in use, or not allowed\n  hint: choose another with `--port`; 0 takes one that is free\n"),
               twice.err);
    fs::remove_all(folder.path() / "small");
    BOOST_TEST(has(server.get("/"), "small: holds no results\n503"));
}

BOOST_AUTO_TEST_CASE(a_folder_without_results_is_not_served) {
    const TemporaryFolder folder;
    const Outcome outcome = run_etude({"serve", "nothing"}, {.folder = folder.path()});
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.err.starts_with("etude: error: nothing: holds no results\n"), outcome.err);
}

BOOST_AUTO_TEST_SUITE_END()
