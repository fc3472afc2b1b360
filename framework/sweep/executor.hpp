// framework/sweep/executor.hpp - where the trials of a sweep run: one after the other, on std::jthread, or on TBB.
//
// One trial is one task, from start to finish on one thread; oneDNN's OpenMP is held to one thread on every worker, or each would
// start a team of its own. Tasks start in their order. ThreadSanitizer does not understand TBB, hence the std::jthread form.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace etude {

class Executor {
  public:
    virtual ~Executor() = default;
    /// Calls task(0) .. task(count - 1), several at a time. An exception ends the run: tasks not yet begun are left out, those at work
    /// finish, and the first exception comes back.
    virtual void run(std::size_t count, const std::function<void(std::size_t)>& task) = 0;
};

/// How many tasks of `threads` threads each are to be at work at once: `wanted`, but where they have several no more than the machine's cores have
/// room for, and at least one.
std::size_t fitting_workers(std::size_t wanted, std::uint64_t threads);

std::unique_ptr<Executor> make_serial_executor();
std::unique_ptr<Executor> make_thread_executor(std::size_t workers);
std::unique_ptr<Executor> make_tbb_executor(std::size_t workers);
/// serial for one worker, else TBB; ETUDE_EXECUTOR=serial|threads|tbb chooses. Throws Error for another word.
std::unique_ptr<Executor> make_executor(std::size_t workers);

}  // namespace etude
