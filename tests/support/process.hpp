// tests/support/process.hpp - runs a program as a user would and keeps what it said.
#pragma once
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/temporary_folder.hpp"

namespace etude::test {

struct Outcome {
    int code = 0;  ///< exit code; 128 + signal when a signal ended it
    std::string out, err;
};

struct ProcessOptions {
    std::filesystem::path folder = ".";                ///< working directory
    std::vector<std::pair<std::string, std::string>> environment = {};
    int signal = 0;                                    ///< sent after `signal_after`, unless it has ended by then
    std::chrono::milliseconds signal_after{0};
    std::function<bool()> signal_when = nullptr;                 ///< instead of a time: sent as soon as this holds
    rlim_t file_size_limit = RLIM_INFINITY;            ///< bytes; a full disk for the poor
};

inline std::string slurp(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// Has the child ended? It can still be waited for.
inline bool has_ended(pid_t child) {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == child;
}

inline Outcome run_process(const std::vector<std::string>& arguments, const ProcessOptions& options = {}) {
    const TemporaryFolder scratch;
    const std::string out = scratch.path() / "out", err = scratch.path() / "err";
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("fork failed");
    if (child == 0) {
        const int out_fd = ::open(out.c_str(), O_WRONLY | O_CREAT, 0600), err_fd = ::open(err.c_str(), O_WRONLY | O_CREAT, 0600);
        ::dup2(out_fd, 1);
        ::dup2(err_fd, 2);
        for (const auto& [name, value] : options.environment) ::setenv(name.c_str(), value.c_str(), 1);
        if (options.file_size_limit != RLIM_INFINITY) {
            ::signal(SIGXFSZ, SIG_IGN);  // a write then fails with EFBIG instead of killing
            const rlimit limit{options.file_size_limit, options.file_size_limit};
            ::setrlimit(RLIMIT_FSIZE, &limit);
        }
        if (::chdir(options.folder.c_str()) == 0) ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    if (options.signal != 0) {
        const auto deadline = std::chrono::steady_clock::now() + (options.signal_when ? std::chrono::milliseconds(60'000) : options.signal_after);
        while (std::chrono::steady_clock::now() < deadline && !(options.signal_when && options.signal_when())) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            if (has_ended(child)) break;
        }
        ::kill(child, options.signal);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return {.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), .out = slurp(out), .err = slurp(err)};
}

}  // namespace etude::test
