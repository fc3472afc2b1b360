// The boundary is real: a plugin in Rust, built by its compiler alone, checked and trained with. Skips where there is no rustc.
#include <boost/test/unit_test.hpp>

#include "cli/etude.hpp"

using namespace etude::test;

BOOST_AUTO_TEST_SUITE(cli_rust)

BOOST_AUTO_TEST_CASE(a_schedule_in_rust_is_checked_described_and_trained_with) {
    if (run_process({"/bin/sh", "-c", "command -v rustc"}).code != 0) {
        BOOST_TEST_MESSAGE("skipped: there is no rustc");
        return;
    }
    const TemporaryFolder folder;
    const ProcessOptions here{.folder = folder.path()};
    const Outcome built = run_process({"/bin/sh", "-c", "rustc --edition 2021 --crate-type cdylib -O -C panic=abort '" ETUDE_SOURCE_DIR
                                                        "/plugins/examples/half_life.rs' -o half_life.so 2>&1"}, here);
    BOOST_TEST_REQUIRE(built.code == 0, built.out);
    BOOST_TEST(built.out == "");
    const Outcome checked = run_etude({"plugin", "check", "half_life.so"}, here);
    BOOST_TEST(checked.code == 0, checked.out);
    BOOST_TEST(checked.out.find("failed") == std::string::npos, checked.out);
    const Outcome preview = run_etude({"schedule", "{name: half_life, half: 2}", "--lr", "0.8", "--updates", "5", "--plugins", "half_life.so"}, here);
    BOOST_TEST(preview.out == "update,epoch,lr\n0,0,0.8\n1,0,0.565685424949238\n2,0,0.4\n3,0,0.282842712474619\n4,0,0.2\n",
               preview.out + preview.err);
    folder.write("study.yaml", small_study + "schedule: {name: half_life, half: {epochs: 2}, warmup: {length: {epochs: 1}}}\n");
    const Outcome ran = run_etude({"run", "study.yaml", "--plugins", "half_life.so", "--out", "runs"}, here);
    BOOST_TEST(ran.code == 0, ran.err);
    BOOST_TEST(ran.out.find("report: ") != std::string::npos, ran.out);
}

BOOST_AUTO_TEST_SUITE_END()
