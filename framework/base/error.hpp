// framework/base/error.hpp - the three kinds of trouble, never mixed.
//
//   Error      the input can be fixed by the user: exit code 2
//   an outcome an experiment ended badly: a Record, no exception (train/record.hpp)
//   Bug        an assumption of ours broke: exit code 3
#pragma once
#include <stdexcept>
#include <string>
#include <utility>

namespace etude {

/// A user error. `what()` is the whole message: "place: what is wrong", lower case, no full stop; `hint()` says what to do, or is empty.
class Error : public std::runtime_error {
  public:
    explicit Error(const std::string& message, std::string hint = "") : std::runtime_error(message), hint_(std::move(hint)) {}
    const std::string& hint() const noexcept { return hint_; }

  private:
    std::string hint_;
};

/// A broken assumption of ours.
class Bug : public std::logic_error {
  public:
    using std::logic_error::logic_error;
};

namespace detail {
[[noreturn]] inline void report_bug(const char* file, int line, const std::string& message) {
    throw Bug(std::string(file) + ":" + std::to_string(line) + ": " + message + " (a bug in etude: please report)");
}
}  // namespace detail
}  // namespace etude

/// Checks an assumption of ours in every build.
#define ETUDE_ASSERT(condition, message) \
    do {                                 \
        if (!(condition)) ::etude::detail::report_bug(__FILE__, __LINE__, (message)); \
    } while (false)
