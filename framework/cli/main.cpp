// framework/cli/main.cpp - the command line: declares the commands, runs the chosen one, turns every error into a message and an exit code.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/version.hpp"

namespace {

using namespace etude;
using namespace etude::cli;

void declare(CLI::App& app, Action& action) {
    app.set_version_flag("--version", version_text());
    app.require_subcommand(1);
    add_run(app, action);
    add_plan(app, action);
    add_find_lr(app, action);
    add_report(app, action);
    add_best(app, action);
    add_show(app, action);
    add_diff(app, action);
    add_compare(app, action);
    add_serve(app, action);
    add_export(app, action);
    add_merge(app, action);
    add_verify(app, action);
    add_reproduce(app, action);
    add_list(app, action);
    add_describe(app, action);
    add_schedule(app, action);
    add_optimizer(app, action);
    add_data(app, action);
    add_plugin(app, action);
    add_schema(app, action);
    add_doctor(app, action);
}

std::vector<std::string> command_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(command->get_name());
    return names;
}

/// A first word that is no command is answered here, with better words than the parser has.
int refuse_unknown_command(const CLI::App& app, const std::string& word) {
    const std::string before = app.get_parent() == nullptr ? "" : app.get_name() + " ";
    print_error(Error("there is no command '" + before + word + "'", spelling_hint(word, command_names(app))));
    return bad_input;
}

/// Walks from command to command along `words`; the exit code when one of them is no command, nothing when the rest is the parser's.
std::optional<int> check_commands(const CLI::App& app, std::span<char*> words) {
    const std::vector<std::string> names = command_names(app);
    if (names.empty() || words.empty() || words[0][0] == '-') return std::nullopt;
    if (std::ranges::find(names, std::string(words[0])) == names.end()) return refuse_unknown_command(app, words[0]);
    return check_commands(*app.get_subcommand(words[0]), words.subspan(1));
}

int run_command_line(int argc, char** argv) {
    CLI::App app{"Research on learning rates: which rate, which schedule, which optimizer, and how sure are we?", "etude"};
    Action action;
    declare(app, action);
    const std::span<char*> words(argv, static_cast<std::size_t>(argc));
    if (const auto code = check_commands(app, words.subspan(std::min<std::size_t>(1, words.size())))) return *code;
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
        const auto chosen = app.get_subcommands();
        print_error(Error(error.what(), fmt::format("`etude {}--help` shows the usage", chosen.empty() ? "" : chosen.front()->get_name() + " ")));
        return bad_input;
    }
    return action();
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const int code = run_command_line(argc, argv);
        // A full disk or a closed pipe shows here at the latest.
        if (std::fflush(stdout) != 0 || std::ferror(stdout)) {
            print_error(Error("the output cannot be written (disk full, or the reader is gone)"));
            return code == success ? bad_input : code;
        }
        return code;
    } catch (const Error& error) {
        print_error(error);
        return bad_input;
    } catch (const std::bad_alloc&) {
        print_error(Error("out of memory", "fewer workers (-j) need less"));
        return bad_input;
    } catch (const std::exception& error) {
        fmt::print(stderr, "etude: internal error: {}\n", error.what());
        return bug;
    }
}
