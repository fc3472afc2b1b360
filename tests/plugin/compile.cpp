// A plugin from its source: kept by content, and a compiler's words in the author's lines.
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "fixtures.hpp"
#include "plugin/compile.hpp"
#include "plugin/compiler_messages.hpp"
#include "support/temporary_folder.hpp"

using namespace etude;
using namespace etude::test;
namespace fs = std::filesystem;

namespace {

/// A variable of the environment while this lives.
class Variable {
  public:
    Variable(std::string name, const std::string& value) : name_(std::move(name)) {
        if (const char* before = ::getenv(name_.c_str())) before_ = before, was_set_ = true;
        ::setenv(name_.c_str(), value.c_str(), 1);
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    ~Variable() {
        if (was_set_)
            ::setenv(name_.c_str(), before_.c_str(), 1);
        else
            ::unsetenv(name_.c_str());
    }

  private:
    std::string name_, before_;
    bool was_set_ = false;
};

/// An empty cache and the compiler of the system.
struct Fixture {
    TemporaryFolder folder;
    Variable cache{"XDG_CACHE_HOME", (folder.path() / "cache").string()};
    Variable compiler{"CXX", ""};
};

std::string source_of(const std::string& name, const std::string& body) {
    return "#include <etude/plugin.hpp>\n"
           "struct Mine {\n"
           "    static constexpr auto name = \"" +
           name +
           "\";\n"
           "    static constexpr auto summary = \"Mine.\";\n"
           "    static constexpr auto source = \"\";\n"
           "    static constexpr auto params() { return std::tuple{}; }\n"
           "    " +
           body +
           "\n"
           "};\n"
           "ETUDE_PLUGIN(Mine)\n";
}

const std::string sound = "double factor(const etude::Clock&) const { return 0.5; }";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(plugin_compile, Fixture)

BOOST_AUTO_TEST_CASE(a_source_becomes_a_plugin_that_is_named_by_its_source) {
    const fs::path source = folder.write("mine.cpp", source_of("mine", sound));
    Registry registry = Registry::scan({source});
    const Plugin& plugin = registry.require(PluginKind::schedule, "mine");
    BOOST_TEST(plugin.file == source);
    BOOST_TEST(factors(plugin, schedule_spec(plugin), {2, 1}) == (std::vector<double>{0.5, 0.5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_same_source_is_not_compiled_again_and_another_is) {
    const fs::path source = folder.write("mine.cpp", source_of("mine", sound));
    const CompiledPlugin first = compile_plugin(source);
    BOOST_TEST(!first.was_kept);
    BOOST_TEST(first.library.filename() == "mine.so");
    BOOST_TEST(first.library.string().starts_with((folder.path() / "cache/etude/plugins/").string()));
    const auto made = fs::last_write_time(first.library);
    const CompiledPlugin second = compile_plugin(source);
    BOOST_TEST(second.was_kept);
    BOOST_TEST(second.library == first.library);
    BOOST_TEST((fs::last_write_time(second.library) == made));
    folder.write("mine.cpp", source_of("mine", sound + "  // changed"));
    BOOST_TEST(!compile_plugin(source).was_kept);
}

BOOST_AUTO_TEST_CASE(processes_that_compile_the_same_at_once_all_get_a_whole_library) {
    const fs::path source = folder.write("mine.cpp", source_of("mine", sound));
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i) {
        const pid_t child = ::fork();
        if (child == 0) {
            const std::string problem = message_of([&] { Registry::scan({source}).require(PluginKind::schedule, "mine"); });
            ::_exit(problem == "nothing was thrown" ? 0 : 1);
        }
        children.push_back(child);
    }
    for (const pid_t child : children) {
        int status = -1;
        ::waitpid(child, &status, 0);
        BOOST_TEST(status == 0);
    }
    const fs::path library = compile_plugin(source).library;
    const auto entries = std::distance(fs::directory_iterator(library.parent_path()), fs::directory_iterator());
    BOOST_TEST(entries == 3);  // the library, its list of headers, the version script: nobody left a part behind
}

BOOST_AUTO_TEST_CASE(a_changed_header_of_the_author_is_noticed) {
    folder.write("half.hpp", "inline constexpr double half = 0.5;\n");
    const fs::path source =
        folder.write("mine.cpp", "#include \"half.hpp\"\n" + source_of("mine", "double factor(const etude::Clock&) const { return half; }"));
    BOOST_TEST(!compile_plugin(source).was_kept);
    BOOST_TEST(compile_plugin(source).was_kept);
    folder.write("half.hpp", "inline constexpr double half = 0.25;\n");
    BOOST_TEST(!compile_plugin(source).was_kept);
}

BOOST_AUTO_TEST_CASE(a_syntax_error_is_shown_in_the_authors_line) {
    const fs::path source = folder.write("mine.cpp", source_of("mine", "double factor(const etude::Clock& clock) const { return clok.x; }"));
    const std::string at = source.string();
    BOOST_TEST(message_of([&] { Registry::standard({source}); }) ==
               at + ": it does not compile\n" + at + ":7:61: error: 'clok' was not declared in this scope; did you mean 'clock'?\n" +
                   "    7 |     double factor(const etude::Clock& clock) const { return clok.x; }\n"
                   "      |                                                             ^~~~\n"
                   "      |                                                             clock");
}

BOOST_AUTO_TEST_CASE(a_missing_member_is_told_in_the_words_of_the_sdk_at_the_authors_line) {
    const fs::path source = folder.write("mine.cpp", source_of("mine", "double facto(const etude::Clock&) const { return 1; }"));
    const std::string words =
        ":9:1: error: not a plugin: needs name, summary, source, params() and either `slots` with `void step(const etude::Step&) const`, "
        "or `double factor(const etude::Clock&) const`";
    BOOST_TEST(message_of([&] { compile_plugin(source); }) == source.string() + ": it does not compile\n" + source.string() + words);
}

BOOST_AUTO_TEST_CASE(what_a_plugin_would_have_to_link_is_named) {
    const fs::path source =
        folder.write("mine.cpp", "double helper();\n" + source_of("mine", "double factor(const etude::Clock&) const { return helper(); }"));
    BOOST_TEST(message_of([&] { compile_plugin(source); }) ==
               source.string() + ": it does not compile\n" + source.string() + ": error: undefined reference to `helper()'; a plugin links nothing");
}

BOOST_AUTO_TEST_CASE(a_file_is_named_after_its_plugin) {
    const fs::path source = folder.write("other.cpp", source_of("mine", sound));
    Registry registry = Registry::scan({source});
    BOOST_TEST(message_of([&] { registry.require(PluginKind::schedule, "other"); }) ==
               source.string() + ": the file is 'other.cpp' and the plugin 'mine': a file is named after its plugin");
}

BOOST_AUTO_TEST_CASE(without_a_compiler_the_package_is_named) {
    const fs::path source = folder.write("mine.cpp", source_of("mine", sound));
    const Variable path("PATH", "/nowhere");
    BOOST_TEST(message_of([&] { compile_plugin(source); }) ==
               source.string() + ": there is no C++ compiler to build it with | `apt-get install g++`, or let CXX name a compiler");
    const Variable other("CXX", "no-such-compiler -x");
    BOOST_TEST(message_of([&] { compile_plugin(source); }) ==
               source.string() + ": the compiler that CXX names, 'no-such-compiler -x', cannot be run | unset CXX, or let it name g++ or clang++");
}

BOOST_AUTO_TEST_CASE(a_source_in_the_variable_that_does_not_compile_is_listed) {
    const fs::path source = folder.write("mine.cpp", source_of("mine", "double helper() const;"));
    const Variable places("ETUDE_PLUGINS", source.string());
    Registry registry = Registry::standard();
    BOOST_REQUIRE(registry.rejected().size() == 1u);
    BOOST_TEST(registry.rejected()[0].file == source);
    BOOST_TEST(registry.rejected()[0].reason.starts_with("it does not compile\n" + source.string() + ":9:1: error: not a plugin: "));
}

BOOST_AUTO_TEST_CASE(what_clang_says_is_told_alike) {
    const std::string said =
        "In file included from m.cpp:1:\n"
        "/sdk/etude/plugin.hpp:513:5: error: static_assert failed due to requirement 'ScheduleLike<Mine>' \"not a plugin: needs name\"\n"
        "    static_assert(ScheduleLike<T>, \"not a plugin: needs name\");\n"
        "    ^             ~~~~~~~~~~~~~~~\n"
        "m.cpp:9:1: note: in instantiation of function template specialization 'etude::detail::table<Mine>' requested here\n"
        "ETUDE_PLUGIN(Mine)\n"
        "^\n"
        "m.cpp:7:12: error: expected ';' after return statement\n"
        "  return 1\n"
        "          ^\n"
        "m.cpp:9:1: error: call to consteval function 'etude::detail::table<Mine>' is not a constant expression\n"
        "ETUDE_PLUGIN(Mine)\n"
        "^\n"
        "3 errors generated.\n";
    BOOST_TEST(author_messages(said, "m.cpp", std::vector<std::string>{"/sdk/etude"}) ==
               "m.cpp:9:1: error: not a plugin: needs name\nm.cpp:7:12: error: expected ';' after return statement\n  return 1\n          ^");
}

BOOST_AUTO_TEST_CASE(what_nobody_understands_is_shown_as_it_is) {
    BOOST_TEST(author_messages("cc1plus: out of memory\n", "m.cpp", std::vector<std::string>{"/sdk"}) == "cc1plus: out of memory");
}

BOOST_AUTO_TEST_SUITE_END()
