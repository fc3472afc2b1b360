#include "sweep/executor.hpp"

#include <omp.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"

namespace etude {
namespace {

/// Hands out task numbers in order and keeps the first exception. Used by several threads.
class Queue {
  public:
    Queue(std::size_t count, const std::function<void(std::size_t)>& task) : count_(count), task_(task) {}

    /// Runs the next task; false when there is none left.
    bool run_next() noexcept {
        const std::size_t i = next_.fetch_add(1, std::memory_order_relaxed);
        if (i >= count_ || failed_.load(std::memory_order_relaxed)) return false;
        try {
            task_(i);
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (!error_) error_ = std::current_exception();
            failed_.store(true, std::memory_order_relaxed);
        }
        return true;
    }
    void rethrow() {
        if (error_) std::rethrow_exception(error_);
    }

  private:
    const std::size_t count_;
    const std::function<void(std::size_t)>& task_;
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> failed_{false};
    std::mutex mutex_;  // guards error_
    std::exception_ptr error_;
};

/// A trial with several threads makes its own team (tensor/team.hpp). omp_set_num_threads acts on the calling thread alone; OMP_NUM_THREADS, set from
/// inside the process, would come too late.
void hold_openmp_to_one_thread() { omp_set_num_threads(1); }

class SerialExecutor final : public Executor {
  public:
    void run(std::size_t count, const std::function<void(std::size_t)>& task) override {
        hold_openmp_to_one_thread();
        for (std::size_t i = 0; i < count; ++i) task(i);
    }
};

class ThreadExecutor final : public Executor {
  public:
    explicit ThreadExecutor(std::size_t workers) : workers_(workers) {}
    void run(std::size_t count, const std::function<void(std::size_t)>& task) override {
        Queue queue(count, task);
        {
            std::vector<std::jthread> threads;
            for (std::size_t w = 0; w < std::min(workers_, count); ++w)
                threads.emplace_back([&queue] {
                    hold_openmp_to_one_thread();
                    while (queue.run_next()) {}
                });
        }
        queue.rethrow();
    }

  private:
    std::size_t workers_;
};

class TbbExecutor final : public Executor {
  public:
    explicit TbbExecutor(std::size_t workers) : arena_(static_cast<int>(workers)) {}
    void run(std::size_t count, const std::function<void(std::size_t)>& task) override {
        Queue queue(count, task);
        // As many TBB tasks as trials, so that TBB balances them; which trial a task takes is the queue's choice: always the next.
        arena_.execute([&] {
            tbb::parallel_for(tbb::blocked_range<std::size_t>(0, count, 1), [&](const tbb::blocked_range<std::size_t>& range) {
                hold_openmp_to_one_thread();
                for (std::size_t i = range.begin(); i < range.end(); ++i) queue.run_next();
            }, tbb::simple_partitioner());
        });
        queue.rethrow();
    }

  private:
    tbb::task_arena arena_;
};

}  // namespace

std::size_t fitting_workers(std::size_t wanted, std::uint64_t threads) {
    if (threads <= 1) return wanted;
    return std::clamp<std::size_t>(std::thread::hardware_concurrency() / threads, 1, wanted);
}

std::unique_ptr<Executor> make_serial_executor() { return std::make_unique<SerialExecutor>(); }
std::unique_ptr<Executor> make_thread_executor(std::size_t workers) { return std::make_unique<ThreadExecutor>(workers); }
std::unique_ptr<Executor> make_tbb_executor(std::size_t workers) { return std::make_unique<TbbExecutor>(workers); }

std::unique_ptr<Executor> make_executor(std::size_t workers) {
    const char* const wish = std::getenv("ETUDE_EXECUTOR");
    const std::string word = wish != nullptr ? wish : workers == 1 ? "serial" : "tbb";
    if (word == "serial") return make_serial_executor();
    if (word == "threads") return make_thread_executor(workers);
    if (word == "tbb") return make_tbb_executor(workers);
    throw Error("environment variable ETUDE_EXECUTOR: '" + word + "' is not an executor", "one of: serial, threads, tbb");
}

}  // namespace etude
