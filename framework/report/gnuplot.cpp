#include "report/gnuplot.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/scratch_folder.hpp"
#include "base/text.hpp"

namespace etude {
namespace {

/// How the child starts: in `folder`, without input, its words in the file `log`.
class SpawnActions {
  public:
    SpawnActions(const std::filesystem::path& folder, const std::filesystem::path& log) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::posix_spawn_file_actions_adddup2(&actions_, STDOUT_FILENO, STDERR_FILENO);
    }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
    ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    const posix_spawn_file_actions_t* get() const { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_;
};

/// gnuplot must not read the user's ~/.gnuplot (-d), nor take its numbers in another language.
int wait_for_gnuplot(const SpawnActions& actions) {
    std::string name = "gnuplot", defaults = "-d", script = "figures.gp";
    char* arguments[] = {name.data(), defaults.data(), script.data(), nullptr};
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable)
        if (!std::string_view(*variable).starts_with("LC_") && !std::string_view(*variable).starts_with("GNUPLOT")) variables.emplace_back(*variable);
    variables.emplace_back("LC_ALL=C.UTF-8");
    std::vector<char*> environment;
    for (std::string& variable : variables) environment.push_back(variable.data());
    environment.push_back(nullptr);
    pid_t child = 0;
    const int failed = ::posix_spawnp(&child, "gnuplot", actions.get(), nullptr, arguments, environment.data());
    if (failed == ENOENT) throw Error("gnuplot: not found on PATH; it draws the figures", "apt-get install gnuplot-nox");
    if (failed != 0) throw Error(std::string("gnuplot: cannot be started: ") + std::strerror(failed));
    int status = 0;
    while (::waitpid(child, &status, 0) < 0)
        if (errno != EINTR) throw Error(std::string("gnuplot: cannot be waited for: ") + std::strerror(errno));
    return status;
}

}  // namespace

std::string gnuplot_text(const std::string& text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'') quoted += "''";
        else quoted += static_cast<unsigned char>(c) < ' ' ? ' ' : c;  // a line break would end the command
    }
    return quoted + "'";
}

std::vector<std::string> run_gnuplot(const std::string& script, const std::vector<std::string>& outputs) {
    const ScratchFolder scratch;
    write_file(scratch.path() / "figures.gp", script);
    const auto log = scratch.path() / "log";
    const int status = wait_for_gnuplot(SpawnActions(scratch.path(), log));
    std::vector<std::string> contents;
    for (const std::string& output : outputs) {
        if (status != 0 || !std::filesystem::exists(scratch.path() / output))
            throw Error("gnuplot: failed: " + std::string(trim(read_file(log))), "gnuplot 5.4 or newer with its svg terminal is needed");
        contents.push_back(read_file(scratch.path() / output));
    }
    return contents;
}

}  // namespace etude
