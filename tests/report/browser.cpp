// The page in a real browser: Debian's chromium, without a window. Skipped, and said, where it is not installed.
#include <boost/test/unit_test.hpp>
#include <httplib.h>

#include <mutex>
#include <thread>
#include <utility>

#include "report/report.hpp"
#include "report/site.hpp"
#include "report/synthetic.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace etude;
using namespace etude::test;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

bool no_browser() {
    const bool missing = !std::filesystem::exists("/usr/bin/chromium");
    if (missing) BOOST_TEST_MESSAGE("skipped: chromium is not installed");
    return missing;
}

struct Loaded {
    std::string dom;
    std::string console;  ///< lines that the page wrote to the console: errors, and what its policy forbade
};

/// The page at `address` after its scripts have run.
Loaded load(const std::string& address) {
    const TemporaryFolder profile;
    const Outcome outcome = run_process({"/usr/bin/chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                                         "--enable-logging=stderr", "--user-data-dir=" + profile.path().string(), "--virtual-time-budget=20000",
                                         "--dump-dom", address});
    Loaded loaded{outcome.out, ""};
    std::istringstream lines(outcome.err);
    for (std::string line; std::getline(lines, line);)
        if (has(line, "CONSOLE")) loaded.console += line + "\n";
    return loaded;
}

Loaded load(const std::filesystem::path& page, const std::string& view) { return load("file://" + page.string() + view); }

/// A report of made-up results; 8 rates, as many seeds as asked for.
struct Page {
    explicit Page(Synthetic shape) {
        Store store = Store::open(folder.path(), Store::Access::write);
        const Plan plan = synthetic_plan(shape);
        fill(store, shape, plan);
        file = write_report(store).page;
    }
    TemporaryFolder folder;
    std::filesystem::path file;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(browser)

BOOST_AUTO_TEST_CASE(the_page_opens_without_errors_and_fetches_nothing) {
    if (no_browser()) return;
    const Page page({.seeds = 12});
    const Loaded loaded = load(page.file, "");
    BOOST_TEST(loaded.console == "");
    BOOST_TEST(has(loaded.dom, "data-ready=\"1\""));
    BOOST_TEST(has(loaded.dom, "data-rows=\"96\""));
    BOOST_TEST(has(loaded.dom, "data-series=\"8\""));
    BOOST_TEST(std::filesystem::file_size(page.file) < 2U << 20U);
}

BOOST_AUTO_TEST_CASE(the_address_filters_sorts_groups_and_zooms) {
    if (no_browser()) return;
    const Page page({.seeds = 4});
    const Loaded filtered = load(page.file, "#filter=lr%3E0.005%20status%3Ddiverged&group=optimizer.lr&metric=train_loss&log=1");
    BOOST_TEST(filtered.console == "");
    BOOST_TEST(has(filtered.dom, "data-rows=\"1\""));  // seed 3 at rate 1
    BOOST_TEST(has(filtered.dom, "data-first=\"3\""));
    BOOST_TEST(has(filtered.dom, "data-series=\"1\""));
    const Loaded sorted = load(page.file, "#sort=seed&down=1&x=10,50&band=seeds&smooth=0.5");
    BOOST_TEST(sorted.console == "");
    BOOST_TEST(has(sorted.dom, "data-first=\"3\""));
    BOOST_TEST(has(sorted.dom, "aria-sort=\"descending\""));
    BOOST_TEST(has(sorted.dom, "data-x-range=\"10.00,50.00\""));
    BOOST_TEST(has(sorted.dom, "data-series=\"32\""));
}

BOOST_AUTO_TEST_CASE(a_filter_that_cannot_be_read_says_so_and_hides_nothing) {
    if (no_browser()) return;
    const Page page({.seeds = 2});
    const Loaded loaded = load(page.file, "#filter=rate%3E1");
    BOOST_TEST(has(loaded.dom, "there is no column 'rate'; there are trial, lr, seed, status, score"));
    BOOST_TEST(has(loaded.dom, "data-rows=\"16\""));
}

BOOST_AUTO_TEST_CASE(names_that_look_like_html_stay_text) {
    if (no_browser()) return;
    const TemporaryFolder folder;
    Store store = Store::open(folder.path(), Store::Access::write);
    const Synthetic shape{.rates = {0.1}, .seeds = 1, .epochs = 3, .decisions = false};
    Plan plan = synthetic_plan(shape);
    plan.configurations[0].label = "</script><script>document.title='broken'</script><b>&amp;";
    fill(store, shape, plan);
    const Loaded loaded = load(write_report(store).page, "");
    BOOST_TEST(loaded.console == "");
    BOOST_TEST(has(loaded.dom, "data-ready=\"1\""));
    BOOST_TEST(!has(loaded.dom, "<title>broken"));
}

BOOST_AUTO_TEST_CASE(ten_thousand_trials_can_be_used) {
    if (no_browser()) return;
    std::vector<double> rates;
    for (int i = 0; i < 500; ++i) rates.push_back(std::pow(10.0, -6.0 * i / 499));
    const Page page({.rates = rates, .seeds = 20, .epochs = 30, .decisions = false});
    const Loaded loaded = load(page.file, "#filter=lr%3C1e-5&sort=score");
    BOOST_TEST(loaded.console == "");
    BOOST_TEST(has(loaded.dom, "data-ready=\"1\""));
    BOOST_TEST(has(loaded.dom, "of 10000 trials, the first 100 shown"));
    BOOST_TEST(std::filesystem::file_size(page.file) < 8U << 20U);
}

BOOST_AUTO_TEST_CASE(a_live_page_takes_in_new_trials_and_keeps_its_view) {
    if (no_browser()) return;
    const TemporaryFolder folder;
    const Synthetic shape{.seeds = 4};
    const Plan plan = synthetic_plan(shape);
    Store store = Store::open(folder.path(), Store::Access::write);
    store.put_plan(plan);
    store.put_samples("blobs", synthetic_samples());
    for (std::size_t i = 0; i < 8; ++i) store.put(synthetic_trial(shape, plan, i));
    Site site(folder.path());
    std::mutex one_at_a_time;
    bool more = true;
    httplib::Server server;
    server.Get(".*", [&](const httplib::Request& request, httplib::Response& response) {
        const std::lock_guard lock(one_at_a_time);
        // The sweep goes on between the page and its first question.
        if (request.path == "/version" && std::exchange(more, false))
            for (std::size_t i = 8; i < plan.trials.size(); ++i) store.put(synthetic_trial(shape, plan, i));
        if (const auto asset = site.find(request.path)) response.set_content(asset->body, asset->type.c_str());
        else response.status = 404;
    });
    const int port = server.bind_to_any_port("127.0.0.1");
    std::thread listener([&] { server.listen_after_bind(); });
    const Loaded loaded = load("http://127.0.0.1:" + std::to_string(port) + "/#filter=status%3Dcompleted&metric=train_loss&log=1&x=10,50");
    server.stop();
    listener.join();
    BOOST_TEST(loaded.console == "");
    BOOST_TEST(has(loaded.dom, "data-refreshes=\"1\""));
    BOOST_TEST(has(loaded.dom, "data-done=\"32\""));
    BOOST_TEST(has(loaded.dom, "Live: 32 of 32 trials are done."));
    BOOST_TEST(has(loaded.dom, "data-rows=\"31\""));  // all but the one that diverged
    BOOST_TEST(has(loaded.dom, "data-x-range=\"10.00,50.00\""));
    BOOST_TEST(!has(loaded.dom, "of 32 trials are not done"));  // the warning of the page as it was
}

BOOST_AUTO_TEST_SUITE_END()
