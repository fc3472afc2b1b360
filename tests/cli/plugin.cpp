// `etude plugin new|build|check`, and sources wherever a plugin is taken.
#include <boost/test/unit_test.hpp>

#include <filesystem>

#include "cli/etude.hpp"

using etude::test::Outcome;
using etude::test::ProcessOptions;
using etude::test::run_etude;
using etude::test::TemporaryFolder;

namespace fs = std::filesystem;

namespace {

/// A folder to work in, with a cache of its own.
struct Fixture {
    TemporaryFolder folder;
    ProcessOptions options{.folder = folder.path(), .environment = {{"XDG_CACHE_HOME", (folder.path() / "cache").string()}}};
    Outcome etude(const std::vector<std::string>& arguments) const { return run_etude(arguments, options); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cli_plugin, Fixture)

BOOST_AUTO_TEST_CASE(a_new_schedule_is_described_previewed_checked_and_swept_from_its_source) {
    const Outcome made = etude({"plugin", "new", "schedule", "bend"});
    BOOST_TEST(made.code == 0);
    BOOST_TEST(made.out == "bend: bend.cpp, study.yaml, CMakeLists.txt, README.md\nnext: etude run bend/study.yaml --plugins bend/bend.cpp\n");
    const Outcome described = etude({"describe", "bend", "--plugins", "bend/bend.cpp"});
    BOOST_TEST(described.out.starts_with("bend (schedule)\n"), described.out + described.err);
    BOOST_TEST(described.out.find("\n  file: bend/bend.cpp\n") != std::string::npos, described.out);
    const Outcome preview = etude({"schedule", "bend", "--updates", "5", "--plugins", "bend/bend.cpp"});
    BOOST_TEST(preview.out == "update,epoch,lr\n0,0,1\n1,0,0.5625\n2,0,0.25\n3,0,0.0625\n4,0,0\n");
    const Outcome checked = etude({"plugin", "check", "bend/bend.cpp"});
    BOOST_TEST(checked.code == 0);
    BOOST_TEST(checked.out ==
               "bend/bend.cpp\n"
               "  ok      it opens and its table is accepted\n"
               "  ok      the table says what is meant\n"
               "  ok      factors are finite and not negative in runs of 1, 2, 3 and 1000 updates\n"
               "  ok      a factor depends on the update alone\n"
               "  ok      two threads at once give the same factors as each alone\n");
    const Outcome planned = etude({"plan", "bend/study.yaml", "--plugins", "bend/bend.cpp"});
    BOOST_TEST(planned.code == 0, planned.err);
    const Outcome ran = etude({"run", "bend/study.yaml", "--plugins", "bend/bend.cpp"});
    BOOST_TEST(ran.code == 0, ran.err);
    BOOST_TEST(fs::exists(folder.path() / "runs/bend/trials.csv"));
    const Outcome listed = etude({"list", "schedules", "--plugins", "bend/bend.cpp"});
    BOOST_TEST(listed.out.find("  bend  ") != std::string::npos, listed.out);
}

BOOST_AUTO_TEST_CASE(a_new_optimizer_passes_its_own_check_and_study) {
    BOOST_TEST(etude({"plugin", "new", "optimizer", "heavy", "here"}).code == 0);
    const Outcome checked = etude({"plugin", "check", "here/heavy.cpp"});
    BOOST_TEST(checked.code == 0);
    BOOST_TEST(checked.out.find("  ok      it descends on known functions\n") != std::string::npos, checked.out);
    const Outcome stepped = etude(
        {"optimizer", "heavy", "lr=0.125", "momentum=0.5", "--start", "1", "--function", "sphere", "--updates", "2", "--plugins", "here/heavy.cpp"});
    BOOST_TEST(stepped.out == "update,w0\n0,1\n1,0.75\n2,0.4375\n");
    BOOST_TEST(etude({"run", "here/study.yaml", "--plugins", "here/heavy.cpp"}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_new_plugin_needs_a_name_and_a_place_that_are_free) {
    struct Case {
        std::string name, folder, message;
    };
    folder.write("full/notes.txt", "mine");
    folder.write("file", "mine");
    const std::string form = "\n  hint: a small letter, then small letters, digits and single _, at most 64: half_cosine\n";
    for (const Case& c : std::vector<Case>{{"HalfCosine", "x", "'HalfCosine' is no name for a plugin" + form},
                                           {"half-cosine", "x", "'half-cosine' is no name for a plugin" + form},
                                           {"half__cosine", "x", "'half__cosine' is no name for a plugin" + form},
                                           {"test", "x", "'test' is a name that CMake keeps for itself\n  hint: another name\n"},
                                           {"bend", "full", "full: the folder is not empty\n  hint: another DIR, or empty it first\n"},
                                           {"bend", "file", "file: it is there and is no folder\n  hint: another DIR\n"}}) {
        const Outcome outcome = etude({"plugin", "new", "schedule", c.name, c.folder});
        BOOST_TEST(outcome.code == 2);
        BOOST_TEST(outcome.err == "etude: error: " + c.message);
    }
    BOOST_TEST(!fs::exists(folder.path() / "x"));
    const Outcome taken = etude({"plugin", "new", "optimizer", "cosine"});
    BOOST_TEST(taken.code == 2);
    BOOST_TEST(taken.err.starts_with("etude: error: there is a schedule 'cosine' already: "), taken.err);
}

BOOST_AUTO_TEST_CASE(build_leaves_a_library_beside_the_source_or_where_it_is_told) {
    etude({"plugin", "new", "schedule", "bend"});
    const Outcome beside = etude({"plugin", "build", "bend/bend.cpp"});
    BOOST_TEST(beside.code == 0);
    BOOST_TEST(beside.out == "bend/bend.so\n");
    BOOST_TEST(etude({"plugin", "build", "bend/bend.cpp", "--out", "lib"}).out == "lib/bend.so\n");
    BOOST_TEST(etude({"describe", "bend", "--plugins", "lib"}).code == 0);
    const Outcome missing = etude({"plugin", "build", "none.cpp"});
    BOOST_TEST(missing.code == 2);
    BOOST_TEST(missing.err == "etude: error: none.cpp: no such file\n");
    BOOST_TEST(etude({"plugin", "build", "bend/study.yaml"}).err == "etude: error: bend/study.yaml: a plugin's source is a .cpp file\n");
}

BOOST_AUTO_TEST_CASE(a_compilers_error_is_an_error_of_the_input) {
    folder.write("mine.cpp", "#include <etude/plugin.hpp>\nstruct Mine { int };\nETUDE_PLUGIN(Mine)\n");
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{"list", "--plugins", "mine.cpp"}, {"plugin", "build", "mine.cpp"}, {"plugin", "check", "mine.cpp"}}) {
        const Outcome outcome = etude(arguments);
        BOOST_TEST(outcome.code == 2);
        BOOST_TEST(outcome.err.starts_with("etude: error: mine.cpp: it does not compile\nmine.cpp:"), outcome.err);
        BOOST_TEST(outcome.err.find("plugin.hpp") == std::string::npos, outcome.err);
    }
}

BOOST_AUTO_TEST_CASE(a_failed_compilation_leaves_nothing_in_the_cache) {
    folder.write("mine.cpp", "#include <etude/plugin.hpp>\nstruct Mine { int };\nETUDE_PLUGIN(Mine)\n");
    BOOST_TEST(etude({"plugin", "build", "mine.cpp"}).code == 2);
    BOOST_TEST(fs::is_empty(folder.path() / "cache/etude/plugins"));
}

BOOST_AUTO_TEST_CASE(a_misspelt_word_after_plugin_gets_a_hint) {
    const Outcome outcome = etude({"plugin", "chek", "mine.cpp"});
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.err == "etude: error: there is no command 'plugin chek'\n  hint: did you mean 'check'?\n");
}

BOOST_AUTO_TEST_CASE(a_plugin_that_crashes_fails_its_check_and_the_next_file_is_still_checked) {
    folder.write("crashing.cpp",
                 "#include <etude/plugin.hpp>\n"
                 "#include <csignal>\n"
                 "struct Crashing {\n"
                 "    static constexpr auto name = \"crashing\";\n"
                 "    static constexpr auto summary = \"Crashes.\";\n"
                 "    static constexpr auto source = \"\";\n"
                 "    static constexpr auto params() { return std::tuple{}; }\n"
                 "    double factor(const etude::Clock&) const { std::raise(SIGSEGV); return 1; }\n"
                 "};\n"
                 "ETUDE_PLUGIN(Crashing)\n");
    etude({"plugin", "new", "schedule", "bend"});
    const Outcome outcome = etude({"plugin", "check", "crashing.cpp", "bend/bend.cpp"});
    BOOST_TEST(outcome.code == 1);
    BOOST_TEST(outcome.out.starts_with("crashing.cpp\n"
                                       "  ok      it opens and its table is accepted\n"
                                       "  ok      the table says what is meant\n"
                                       "  failed  factors are finite and not negative in runs of 1, 2, 3 and 1000 updates\n"
                                       "          the plugin crashed: SIGSEGV\n"
                                       "bend/bend.cpp\n  ok "),
               outcome.out);
}

BOOST_AUTO_TEST_SUITE_END()
