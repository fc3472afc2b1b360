#include "plugin/lockstep.hpp"

#include <atomic>
#include <barrier>
#include <exception>
#include <thread>

namespace etude {

void run_in_lockstep(std::uint64_t steps, const std::function<void(std::uint64_t)>& one, const std::function<void(std::uint64_t)>& other) {
    std::barrier both(2);
    std::atomic<bool> failed{false};
    const auto run = [&](const std::function<void(std::uint64_t)>& work, std::exception_ptr& failure) {
        for (std::uint64_t step = 0; step < steps; ++step) {
            try {
                work(step);
            } catch (...) {
                failure = std::current_exception();
                failed = true;
            }
            both.arrive_and_wait();
            if (failed) return;  // both see it: it was set before the barrier, and nothing runs between this and their return
        }
    };
    std::exception_ptr of_one, of_other;
    std::thread second([&] { run(other, of_other); });
    run(one, of_one);
    second.join();
    if (of_one) std::rethrow_exception(of_one);
    if (of_other) std::rethrow_exception(of_other);
}

}  // namespace etude
