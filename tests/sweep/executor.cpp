#include "sweep/executor.hpp"

#include <boost/test/unit_test.hpp>
#include <omp.h>

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "base/error.hpp"

using namespace etude;

namespace {

std::vector<std::pair<std::string, std::unique_ptr<Executor>>> all_executors() {
    std::vector<std::pair<std::string, std::unique_ptr<Executor>>> all;
    all.emplace_back("serial", make_serial_executor());
    all.emplace_back("threads", make_thread_executor(2));
#if !defined(__SANITIZE_THREAD__)  // libtbb is not instrumented: false races
    all.emplace_back("tbb", make_tbb_executor(2));
#endif
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sweep_executor)

BOOST_AUTO_TEST_CASE(every_task_runs_once) {
    for (auto& [name, executor] : all_executors()) {
        std::vector<std::atomic<int>> runs(1000);
        executor->run(runs.size(), [&](std::size_t i) { runs[i].fetch_add(1); });
        for (const auto& count : runs) BOOST_TEST(count.load() == 1, name);
    }
}

BOOST_AUTO_TEST_CASE(no_task_is_no_work) {
    for (auto& [name, executor] : all_executors()) executor->run(0, [&](std::size_t) { BOOST_ERROR("a task ran: " + name); });
}

BOOST_AUTO_TEST_CASE(tasks_start_in_their_order) {
    for (auto& [name, executor] : all_executors()) {
        std::mutex mutex;
        std::vector<std::size_t> order;
        executor->run(200, [&](std::size_t i) {
            const std::lock_guard lock(mutex);
            order.push_back(i);
        });
        // Whoever writes himself down took his task after all before it: of those only the one at the other worker may be missing still.
        std::set<std::size_t> seen;
        for (const std::size_t task : order) {
            const auto before = static_cast<std::size_t>(std::distance(seen.begin(), seen.lower_bound(task)));
            BOOST_TEST(task - before <= 1u, name);
            seen.insert(task);
        }
        BOOST_TEST(order.front() < 2u, name);
    }
}

BOOST_AUTO_TEST_CASE(openmp_has_one_thread_on_every_worker) {
    for (auto& [name, executor] : all_executors()) {
        std::atomic<int> teams{0};
        executor->run(50, [&](std::size_t) { teams.fetch_add(omp_get_max_threads() != 1); });
        BOOST_TEST(teams.load() == 0, name);
    }
}

BOOST_AUTO_TEST_CASE(the_first_exception_comes_back_and_the_rest_is_left_out) {
    for (auto& [name, executor] : all_executors()) {
        std::atomic<int> runs{0};
        BOOST_CHECK_EXCEPTION(executor->run(10'000, [&](std::size_t i) {
            runs.fetch_add(1);
            if (i == 3) throw std::runtime_error("task 3");
            std::this_thread::yield();
        }), std::runtime_error, [](const std::runtime_error& e) { return std::string(e.what()) == "task 3"; });
        BOOST_TEST(runs.load() < 10'000, name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
