// The command line as a user meets it: words, whole messages, exit codes.
#include <boost/test/unit_test.hpp>

#include "cli/etude.hpp"

using etude::test::run_etude;
using etude::test::Outcome;
using etude::test::TemporaryFolder;

BOOST_AUTO_TEST_SUITE(cli_commands)

BOOST_AUTO_TEST_CASE(the_version_names_abi_and_onednn) {
    const Outcome outcome = run_etude({"--version"});
    BOOST_TEST(outcome.code == 0);
    BOOST_TEST(outcome.out.starts_with("etude 0.1.0 (plugin ABI 1.1, oneDNN "));
}

BOOST_AUTO_TEST_CASE(a_misspelt_command_gets_a_hint) {
    const Outcome outcome = run_etude({"pla"});
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.err == "etude: error: there is no command 'pla'\n  hint: did you mean 'plan'?\n");
}

BOOST_AUTO_TEST_CASE(an_option_that_is_not_there_is_refused) {
    const Outcome outcome = run_etude({"run", "study.yaml", "--wacth"});
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.err == "etude: error: The following argument was not expected: --wacth\n  hint: `etude run --help` shows the usage\n");
}

BOOST_AUTO_TEST_CASE(no_command_is_an_error_that_says_so) {
    const Outcome outcome = run_etude({});
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.err == "etude: error: A subcommand is required\n  hint: `etude --help` shows the usage\n");
}

BOOST_AUTO_TEST_CASE(list_shows_what_is_there) {
    const Outcome outcome = run_etude({"list"});
    BOOST_TEST(outcome.code == 0);
    for (const std::string name : {"optimizers\n", "  adam ", "  plateau ", "datasets\n", "  blobs ", "wrappers\n", "  lookahead ", "layers\n",
                                   "  dense ", "losses\n", "  softmax_cross_entropy "})
        BOOST_TEST(outcome.out.find(name) != std::string::npos, name);
    BOOST_TEST(outcome.out.find("rejected") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(list_shows_a_rejected_file_with_its_reason) {
    const TemporaryFolder folder;
    folder.write("schedules/broken.so", "no library");
    const Outcome outcome = run_etude({"list", "schedules", "--plugins", folder.path().string()});
    BOOST_TEST(outcome.code == 0);
    BOOST_TEST(outcome.out.find("rejected files\n  " + (folder.path() / "schedules/broken.so").string() + ": not an ELF file\n") != std::string::npos,
               outcome.out);
}

BOOST_AUTO_TEST_CASE(describe_shows_parameters_presets_and_state) {
    const Outcome outcome = run_etude({"describe", "adam"});
    BOOST_TEST(outcome.code == 0);
    for (const std::string part :
         {"adam (optimizer)", "source: Kingma", "base rate: 0.001", "state: 8 bytes a weight", "beta1", "[0, 1)", "preset keras3: "})
        BOOST_TEST(outcome.out.find(part) != std::string::npos, part << " in\n" << outcome.out);
}

BOOST_AUTO_TEST_CASE(describe_knows_data_layers_and_losses_too) {
    for (const std::string name : {"blobs", "dense", "softmax_cross_entropy", "plateau", "ema"})
        BOOST_TEST(run_etude({"describe", name}).code == 0, name);
    const Outcome outcome = run_etude({"describe", "cosin"});
    BOOST_TEST(outcome.code == 2);
    BOOST_TEST(outcome.err == "etude: error: there is nothing called 'cosin'\n  hint: did you mean 'cosine'?\n");
}

BOOST_AUTO_TEST_CASE(describe_draws_a_schedule_in_the_letters_of_the_terminal) {
    const Outcome plain = run_etude({"describe", "linear"}, {.environment = {{"LC_ALL", "C"}}});
    const std::string picture =
        "\n  {name: linear} at base rate 1:\n\n"
        "  1 |****\n"
        "    |   ********\n"
        "    |          *******\n"
        "    |                ********\n"
        "    |                       ********\n"
        "    |                              *******\n"
        "    |                                    ********\n"
        "    |                                           ********\n"
        "    |                                                  *******\n"
        "  0 |                                                        ****\n"
        "    +------------------------------------------------------------\n"
        "     0                         epoch                          100\n";
    BOOST_TEST(plain.out.find(picture) != std::string::npos, plain.out);
    const Outcome braille = run_etude({"describe", "constant"}, {.environment = {{"LC_ALL", "en_US.UTF-8"}}});
    std::string line = "  1 |";
    for (int i = 0; i < 60; ++i) line += "\u2809";
    BOOST_TEST(braille.out.find(line + "\n    |\n") != std::string::npos, braille.out);
}

BOOST_AUTO_TEST_CASE(describe_knows_what_others_call_things) {
    const Outcome outcome = run_etude({"describe", "ReduceLROnPlateau"});
    BOOST_TEST(outcome.code == 0);
    BOOST_TEST(outcome.out.starts_with(
                   "ReduceLROnPlateau is plateau: {name: plateau, preset: pytorch}\n\nplateau (schedule that watches a metric)\n"),
               outcome.out);
    const Outcome preview = run_etude({"schedule", "cosine_power", "--updates", "3"});
    BOOST_TEST(preview.code == 2);
    BOOST_TEST(preview.err.find("  hint: cosine_power is cosine: {name: cosine, power: 2}\n") != std::string::npos, preview.err);
}

BOOST_AUTO_TEST_CASE(doctor_finds_a_working_installation) {
    const Outcome outcome = run_etude({"doctor"});
    BOOST_TEST(outcome.code == 0);
    BOOST_TEST(outcome.out.find("gnuplot: /") != std::string::npos, outcome.out);
    BOOST_TEST(outcome.out.find("blobs: ok") != std::string::npos, outcome.out);
}

BOOST_AUTO_TEST_CASE(data_tells_sizes_and_classes) {
    const Outcome outcome = run_etude({"data", "blobs"});
    BOOST_TEST(outcome.code == 0);
    BOOST_TEST(outcome.out.find("vectors of 2 values") != std::string::npos, outcome.out);
    BOOST_TEST(outcome.out.find("  class 0: ") != std::string::npos, outcome.out);
}

BOOST_AUTO_TEST_SUITE_END()
