#include "plugin/conformance_run.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plugin/child.hpp"
#include "plugin/conformance.hpp"

namespace etude {
namespace {

constexpr unsigned seconds_per_check = 120;  // of a plugin that loops for ever; none of the shipped ones needs ten
constexpr std::string_view opening = "it opens and its table is accepted";

// What the child tells its parent: a line each, "check NAME" before a check runs, "problem TEXT" for what it found, "end" when all ran.
void tell(int fd, std::string_view kind, std::string text) {
    std::ranges::replace(text, '\n', ' ');
    const std::string line = fmt::format("{} {}\n", kind, text);
    for (std::string_view rest = line; !rest.empty();) {
        const ssize_t written = ::write(fd, rest.data(), rest.size());
        if (written <= 0) ::_exit(1);  // the parent is gone: nobody is left to tell
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
}

void run_checks(int fd, const std::filesystem::path& file) {
    tell(fd, "check", std::string(opening));
    Registry registry = Registry::scan({file});
    std::vector<const Plugin*> plugins = registry.all(PluginKind::optimizer);
    for (const Plugin* schedule : registry.all(PluginKind::schedule)) plugins.push_back(schedule);
    for (const RejectedFile& rejected : registry.rejected()) tell(fd, "problem", rejected.reason);
    for (const Plugin* plugin : plugins)
        for (const ConformanceCheck& check : conformance_checks(plugin->kind)) {
            if (!check.applies(*plugin)) continue;
            tell(fd, "check", check.name);
            ::alarm(seconds_per_check);
            for (const std::string& problem : check.run(*plugin)) tell(fd, "problem", problem);
        }
    tell(fd, "end", "");
}

[[noreturn]] void be_the_child(int fd, const std::filesystem::path& file) {
    // Handlers of the parent (a test's, a sanitizer's) would turn a crash into an exit.
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM}) ::signal(signal, SIG_DFL);
    ::alarm(seconds_per_check);
    try {
        run_checks(fd, file);
    } catch (const std::exception& error) {
        tell(fd, "problem", error.what());
        tell(fd, "end", "");
    }
    ::_exit(0);
}

ConformanceReport read_report(const std::string& text) {
    ConformanceReport report;
    for (const std::string& line : split(text, '\n')) {
        if (line.starts_with("check ")) report.checks.push_back({line.substr(6), {}});
        if (line.starts_with("problem ") && !report.checks.empty()) report.checks.back().problems.push_back(line.substr(8));
    }
    return report;
}

/// How a child that was not to end yet ended, or "".
std::string end_problem(int status, bool was_done) {
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) return fmt::format("the plugin was still at work after {} s", seconds_per_check);
    if (WIFSIGNALED(status)) {
        const char* name = ::sigabbrev_np(WTERMSIG(status));
        return fmt::format("the plugin crashed: SIG{}", name == nullptr ? std::to_string(WTERMSIG(status)) : std::string(name));
    }
    return was_done ? "" : fmt::format("the plugin ended the process with exit code {}", WEXITSTATUS(status));
}

}  // namespace

bool ConformanceReport::passed() const {
    return std::ranges::all_of(checks, [](const CheckOutcome& check) { return check.problems.empty(); });
}

std::string ConformanceReport::text() const {
    constexpr std::size_t most = 5;
    std::string text;
    for (const CheckOutcome& check : checks) {
        text += fmt::format("  {:6}  {}\n", check.problems.empty() ? "ok" : "failed", check.name);
        for (std::size_t i = 0; i < std::min(most, check.problems.size()); ++i) text += "          " + check.problems[i] + "\n";
        if (check.problems.size() > most) text += fmt::format("          and {} more\n", check.problems.size() - most);
    }
    return text;
}

ConformanceReport check_in_child(const std::filesystem::path& file) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw Error("the checks cannot be started: no pipe is left");
    const pid_t child = ::fork();
    if (child < 0) throw Error("the checks cannot be started: no process is left");
    if (child == 0) be_the_child(ends[1], file);
    ::close(ends[1]);
    const std::string text = read_to_end(ends[0]);
    ConformanceReport report = read_report(text);
    ::close(ends[0]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (const std::string problem = end_problem(status, text.ends_with("end \n")); !problem.empty()) {
        if (report.checks.empty()) report.checks.push_back({std::string(opening), {}});
        report.checks.back().problems.push_back(problem);
    }
    return report;
}

}  // namespace etude
