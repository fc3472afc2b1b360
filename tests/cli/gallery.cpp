// plugins/gallery.svg is what `etude schedule --all` draws of the shipped schedules.
// After a schedule changed: ETUDE_APPROVE=gallery build/release/bin/test_cli -t cli_gallery
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>

#include "cli/etude.hpp"

using etude::test::Outcome;
using etude::test::run_etude;

BOOST_AUTO_TEST_SUITE(cli_gallery)

BOOST_AUTO_TEST_CASE(the_gallery_shows_the_schedules_as_they_are) {
    const std::string file = ETUDE_SOURCE_DIR "/plugins/gallery.svg";
    const Outcome outcome = run_etude({"schedule", "--all"});
    BOOST_TEST(outcome.code == 0, outcome.err);
    BOOST_TEST((outcome.out == etude::test::slurp(file)),
               "plugins/gallery.svg is not what `etude schedule --all` draws; ETUDE_APPROVE=gallery rewrites it");
    const char* approve = std::getenv("ETUDE_APPROVE");
    if (approve != nullptr && std::string_view(approve) == "gallery") std::ofstream(file, std::ios::binary) << outcome.out;
}

BOOST_AUTO_TEST_CASE(without_all_a_schedule_and_a_length_are_needed) {
    BOOST_TEST(run_etude({"schedule", "--updates", "3"}).err ==
               "etude: error: no schedule is named\n  hint: a SPEC such as `cosine end=0.001`, or --all\n");
    BOOST_TEST(run_etude({"schedule", "cosine"}).err == "etude: error: --updates is required\n  hint: the updates of the run: --updates 1000\n");
}

BOOST_AUTO_TEST_SUITE_END()
