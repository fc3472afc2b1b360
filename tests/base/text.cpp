#include "base/text.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "base/random.hpp"

namespace {

using namespace etude;

/// As messages show it.
template <class T>
std::string shown(const std::optional<T>& value) {
    return value ? number(static_cast<double>(*value)) : "nothing";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(numbers_are_the_shortest_that_read_back) {
    const std::pair<double, std::string> cases[] = {
        {0, "0"},
        {-0.0, "-0"},
        {1, "1"},
        {0.1, "0.1"},
        {1e-4, "1e-4"},
        {1e-7, "1e-7"},
        {1.5e-10, "1.5e-10"},
        {1e20, "1e20"},
        {1e100, "1e100"},
        {123456, "123456"},
        {0.30000000000000004, "0.30000000000000004"},
        {5e-324, "5e-324"},
        {-2.5e-9, "-2.5e-9"},
        {std::numeric_limits<double>::infinity(), "inf"},
        {-std::numeric_limits<double>::infinity(), "-inf"},
        {std::nan(""), "nan"},
    };
    for (const auto& [value, expected] : cases) BOOST_TEST(number(value) == expected);
    BOOST_TEST(number(0.1f) == "0.1");
    BOOST_TEST(number(1e-7f) == "1e-7");
    BOOST_TEST(number(16777216.0f) == "16777216");
}

BOOST_AUTO_TEST_CASE(every_double_reads_back_as_itself) {
    Rng rng(1, "test");
    for (int i = 0; i < 20000; ++i) {
        const double value = rng.uniform(-1, 1) * std::pow(10.0, rng.uniform(-300, 300));
        const auto back = parse_real(number(value));
        BOOST_REQUIRE_MESSAGE(back && *back == value, number(value));
    }
}

BOOST_AUTO_TEST_CASE(rates_have_at_most_15_digits) {
    BOOST_TEST(rate_text(0.1 + 0.2) == "0.3");
    BOOST_TEST(rate_text(0.01 * (0.005 / 0.01)) == "0.005");
    BOOST_TEST(rate_text(1.0 / 3) == "0.333333333333333");
    BOOST_TEST(rate_text(1e-7) == "1e-7");
    BOOST_TEST(rate_text(0) == "0");
    BOOST_TEST(rate_text(std::nan("")) == "nan");
}

BOOST_AUTO_TEST_CASE(reals_are_decimal_and_nothing_else) {
    const std::pair<std::string, std::string> cases[] = {
        {"1e-4", "1e-4"},     {"1E-4", "1e-4"},      {".5", "0.5"},      {"-.5", "-0.5"},    {"5.", "5"},        {"+3", "3"},
        {"-3", "-3"},         {"007", "7"},          {"1e+3", "1000"},   {"inf", "inf"},     {"-inf", "-inf"},   {".inf", "inf"},
        {"+.inf", "inf"},     {"-.Inf", "-inf"},     {"nan", "nan"},     {".NaN", "nan"},    {"1e-400", "0"},    {"", "nothing"},
        {"+", "nothing"},     {"-", "nothing"},      {".", "nothing"},   {"e5", "nothing"},  {"1e", "nothing"},  {"0x10", "nothing"},
        {"1e400", "nothing"}, {"-1e400", "nothing"}, {" 1", "nothing"},  {"1 ", "nothing"},  {"1,5", "nothing"}, {"1_000", "nothing"},
        {"1f", "nothing"},    {"1e5.0", "nothing"},  {"++3", "nothing"}, {"+-3", "nothing"}, {"-+3", "nothing"}, {"+-.inf", "nothing"},
        {"--3", "nothing"},   {"one", "nothing"},
    };
    for (const auto& [given, expected] : cases) BOOST_TEST(shown(parse_real(given)) == expected, "'" << given << "'");
}

BOOST_AUTO_TEST_CASE(integers_may_be_written_as_exact_reals) {
    const std::pair<std::string, std::string> cases[] = {
        {"10", "10"},
        {"+10", "10"},
        {"-10", "-10"},
        {"1e3", "1000"},
        {"3.0", "3"},
        {"2.5e1", "25"},
        {"007", "7"},
        {"3.5", "nothing"},
        {"1e-3", "nothing"},
        {"", "nothing"},
        {"ten", "nothing"},
        {"0x10", "nothing"},
        {"nan", "nothing"},
        {"inf", "nothing"},
        {"1e400", "nothing"},
        {"+-5", "nothing"},
        {"99999999999999999999", "nothing"},
        {"1e17", "nothing"},
        {" 5", "nothing"},
        {"5 ", "nothing"},
    };
    for (const auto& [given, expected] : cases) BOOST_TEST(shown(parse_integer(given)) == expected, "'" << given << "'");
    BOOST_TEST(*parse_integer("9223372036854775807") == 9223372036854775807LL);
    BOOST_TEST(*parse_integer("9007199254740993") == 9007199254740993LL);  // beyond what a double holds
}

BOOST_AUTO_TEST_CASE(widths_are_those_of_a_terminal) {
    const std::tuple<std::string, std::size_t, std::size_t> cases[] = {
        // text, columns, characters
        {"", 0, 0},  {"abc", 3, 3},  {"学习率", 6, 3},   {"lr 学习率!", 10, 7}, {"é", 1, 1},    {"e\u0301", 1, 2},
        {"η", 1, 1}, {"한글", 4, 2}, {"ｆｕｌｌ", 8, 4}, {"😀", 2, 1},           {"\xff", 1, 1}, {"\xe5\xad", 2, 2},
    };
    for (const auto& [given, width, count] : cases) {
        BOOST_TEST(display_width(given) == width, given);
        BOOST_TEST(character_count(given) == count, given);
    }
}

BOOST_AUTO_TEST_CASE(an_edit_is_an_insertion_deletion_replacement_or_swap) {
    const std::tuple<const char*, const char*, std::size_t> cases[] = {
        {"", "", 0},
        {"", "abc", 3},
        {"adam", "adam", 0},
        {"adma", "adam", 1},
        {"adam", "adamw", 1},
        {"momentun", "momentum", 1},
        {"kitten", "sitting", 3},
        {"abc", "cba", 2},
    };
    for (const auto& [a, b, edits] : cases) {
        BOOST_TEST(edit_distance(a, b) == edits, a << " " << b);
        BOOST_TEST(edit_distance(b, a) == edits, b << " " << a);
    }
}

BOOST_AUTO_TEST_CASE(the_nearest_word_is_offered_when_one_is_near) {
    const std::vector<std::string> words = {"momentum", "beta1", "beta2", "eps", "weight_decay"};
    BOOST_TEST(spelling_hint("momentun", words) == "did you mean 'momentum'?");
    BOOST_TEST(spelling_hint("weigth_decay", words) == "did you mean 'weight_decay'?");
    BOOST_TEST(spelling_hint("beta", words) == "did you mean 'beta1'?");
    BOOST_TEST(spelling_hint("weight", words) == "did you mean 'weight_decay'?");
    BOOST_TEST(spelling_hint("lr", words) == "one of: momentum, beta1, beta2, eps, weight_decay");
    BOOST_TEST(!nearest("colour", words).has_value());
    BOOST_TEST(spelling_hint("x", {}) == "");
}

BOOST_AUTO_TEST_CASE(a_long_list_of_words_is_cut) {
    std::vector<std::string> words;
    for (char c = 'a'; c <= 'm'; ++c) words.push_back(std::string(6, c));
    BOOST_TEST(spelling_hint("zzzzzz", words) ==
               "one of: aaaaaa, bbbbbb, cccccc, dddddd, eeeeee, ffffff, gggggg, hhhhhh, iiiiii, jjjjjj, kkkkkk, llllll, ...");
}

BOOST_AUTO_TEST_CASE(csv_fields_are_quoted_where_rfc_4180_says) {
    const std::pair<std::string, std::string> cases[] = {
        {"plain", "plain"},
        {"", ""},
        {"a b", "a b"},
        {"a,b", "\"a,b\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"two\nlines", "\"two\nlines\""},
        {"cr\r", "\"cr\r\""},
        {"学习率", "学习率"},
    };
    for (const auto& [given, expected] : cases) BOOST_TEST(csv_field(given) == expected);
}

BOOST_AUTO_TEST_CASE(html_loses_its_meaning) {
    BOOST_TEST(html_text("<a href=\"x\">'&' 率</a>") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39; 率&lt;/a&gt;");
}

BOOST_AUTO_TEST_CASE(every_occurrence_is_replaced_and_what_was_put_there_is_not_looked_at) {
    BOOST_TEST(replaced("", "a", "b") == "");
    BOOST_TEST(replaced("banana", "an", "anan") == "banananana");
    BOOST_TEST(replaced("aaa", "aa", "") == "a");
    BOOST_TEST(replaced("abc", "d", "e") == "abc");
}

BOOST_AUTO_TEST_CASE(join_undoes_split) {
    for (const std::string text : {"", "a", "a:b", ":a::b:"}) BOOST_TEST(join(split(text, ':'), ":") == text);
    BOOST_TEST(split(":a", ':').size() == 2u);
    BOOST_TEST(trim(" \t a b\r\n") == "a b");
    BOOST_TEST(trim(" \n ") == "");
}

BOOST_AUTO_TEST_SUITE_END()
