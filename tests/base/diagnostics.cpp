#include "base/diagnostics.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace etude;

std::shared_ptr<const Source> source(std::string name, std::string content) {
    return std::make_shared<Source>(Source{std::move(name), std::move(content), false});
}

std::string thrown(const Diagnostics& diagnostics) {
    try {
        diagnostics.throw_if_any();
    } catch (const DiagnosticsError& e) {
        return e.what();
    }
    return "nothing";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(diagnostics)

BOOST_AUTO_TEST_CASE(an_error_shows_its_line_a_caret_and_the_hint) {
    const auto file = source("study.yaml", "a: 1\n  - {name: adamw, beta2: 1.5}\n");
    Diagnostics diagnostics;
    diagnostics.error({file, 2, 26}, "beta2 = 1.5 is outside [0, 1)", "0.999 is usual");
    BOOST_TEST(diagnostics.render() ==
               "study.yaml:2:26: error: beta2 = 1.5 is outside [0, 1)\n"
               "    - {name: adamw, beta2: 1.5}\n"
               "                           ^\n"
               "  hint: 0.999 is usual\n");
}

BOOST_AUTO_TEST_CASE(messages_come_by_file_then_place_whatever_the_order_of_finding) {
    const auto first = source("a.yaml", "x\ny\n"), second = source("b.yaml", "z\n");
    Diagnostics diagnostics;
    diagnostics.error({first, 2, 1}, "third");
    diagnostics.error({second, 1, 1}, "fourth");
    diagnostics.warning({first, 1, 1}, "first");
    diagnostics.error({first, 1, 1}, "second");
    BOOST_TEST(diagnostics.render() ==
               "a.yaml:1:1: warning: first\n  x\n  ^\n"
               "a.yaml:1:1: error: second\n  x\n  ^\n"
               "a.yaml:2:1: error: third\n  y\n  ^\n"
               "b.yaml:1:1: error: fourth\n  z\n  ^\n");
    BOOST_TEST(thrown(diagnostics).ends_with("3 errors; nothing was run"));
}

BOOST_AUTO_TEST_CASE(the_same_message_at_the_same_place_is_shown_and_counted_once) {
    const auto file = source("s.yaml", "x\n");
    Diagnostics diagnostics;
    for (int i = 0; i < 3; ++i) diagnostics.error({file, 1, 1}, "wrong");
    diagnostics.error({file, 1, 2}, "wrong");
    BOOST_TEST(thrown(diagnostics) == "s.yaml:1:1: error: wrong\n  x\n  ^\ns.yaml:1:2: error: wrong\n  x\n   ^\n2 errors; nothing was run");
}

BOOST_AUTO_TEST_CASE(the_caret_stands_under_its_character_behind_wide_ones) {
    const auto file = source("s.yaml", "question: 学习率 lr\n");
    Diagnostics diagnostics;
    diagnostics.error({file, 1, 15}, "here");
    BOOST_TEST(diagnostics.render() == "s.yaml:1:15: error: here\n  question: 学习率 lr\n                   ^\n");
}

BOOST_AUTO_TEST_CASE(the_caret_keeps_tabs) {
    const auto file = source("s.yaml", "\ta:\tb\r\n");
    Diagnostics diagnostics;
    diagnostics.error({file, 1, 5}, "here");
    BOOST_TEST(diagnostics.render() == "s.yaml:1:5: error: here\n  \ta:\tb\n  \t  \t^\n");
}

BOOST_AUTO_TEST_CASE(an_argument_has_no_line_number) {
    const auto argument = std::make_shared<Source>(Source{"argument 'seeds=ten'", "seeds=ten", true});
    Diagnostics diagnostics;
    diagnostics.error({argument, 1, 7}, "'ten' is not an integer");
    BOOST_TEST(thrown(diagnostics) == "argument 'seeds=ten': error: 'ten' is not an integer\n  seeds=ten\n        ^\n1 error; nothing was run");
}

BOOST_AUTO_TEST_CASE(a_place_beyond_the_text_or_without_a_source_shows_no_line) {
    Diagnostics diagnostics;
    diagnostics.error({nullptr, 1, 1}, "nowhere");
    diagnostics.error({source("s.yaml", "x\n"), 9, 1}, "far");
    BOOST_TEST(diagnostics.render() == "error: nowhere\ns.yaml:9:1: error: far\n");
}

BOOST_AUTO_TEST_CASE(what_differs_in_numbers_only_is_one_message_at_its_place) {
    const auto file = source("s.yaml", "batch: {uniform: [8, 64]}\nbatch: 2.5\n");
    Diagnostics diagnostics;
    for (const char* value : {"45.25", "2e-05", "45.25", "17.5"})
        diagnostics.error({file, 1, 8}, std::string("batch: '") + value + "' is not an integer", "give 8");
    diagnostics.error({file, 1, 8}, "beta1 is unknown");
    diagnostics.error({file, 1, 8}, "beta2 is unknown");
    diagnostics.error({file, 2, 8}, "batch: '2.5' is not an integer");
    const std::string head = "s.yaml:1:8: error: ", line = "\n  batch: {uniform: [8, 64]}\n         ^\n";
    BOOST_TEST(thrown(diagnostics) == head + "batch: '45.25' is not an integer (and 2 more like it)" + line + "  hint: give 8\n" + head +
                                          "beta1 is unknown" + line + head + "beta2 is unknown" + line +
                                          "s.yaml:2:8: error: batch: '2.5' is not an integer\n  batch: 2.5\n         ^\n4 errors; nothing was run");
}

BOOST_AUTO_TEST_CASE(warnings_alone_stop_nothing) {
    Diagnostics diagnostics;
    diagnostics.warning({source("s.yaml", "x\n"), 1, 1}, "odd");
    BOOST_TEST(!diagnostics.has_errors());
    BOOST_TEST(thrown(diagnostics) == "nothing");
}

BOOST_AUTO_TEST_SUITE_END()
