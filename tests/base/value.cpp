#include "base/value.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "base/error.hpp"

namespace {

using namespace etude;

std::string problem(const Parameter& parameter, const Value& value) { return range_problem(parameter, value).value_or("none"); }

Parameter list(ValueType type, Interval range) {
    Parameter parameter = real("at", 0, range, "Where.");
    parameter.type = type;
    parameter.fallback = std::monostate{};
    parameter.increasing = true;
    return parameter;
}

std::int64_t whole(std::int64_t value) { return value; }

}  // namespace

BOOST_AUTO_TEST_SUITE(value)

BOOST_AUTO_TEST_CASE(intervals_hold_their_closed_ends_only) {
    const std::tuple<Interval, std::string, double, bool> cases[] = {
        {closed(0, 1), "[0, 1]", 1, true},           {right_open(0, 1), "[0, 1)", 1, false},
        {right_open(0, 1), "[0, 1)", 0, true},       {left_open(0, 1), "(0, 1]", 0, false},
        {left_open(0, 1), "(0, 1]", 1, true},        {open(0, 1), "(0, 1)", 0, false},
        {open(0, 1), "(0, 1)", 0.5, true},           {at_least(0), "[0, inf)", 0, true},
        {at_least(0), "[0, inf)", unbounded, false}, {above(0), "(0, inf)", 0, false},
        {above(0), "(0, inf)", 5e-324, true},        {Interval{}, "(-inf, inf)", -unbounded, true},
        {closed(0, 1), "[0, 1]", -1e-9, false},      {Interval{}, "(-inf, inf)", std::nan(""), false},
    };
    for (const auto& [interval, text, number, inside] : cases) {
        BOOST_TEST(interval.text() == text);
        BOOST_TEST(interval.contains(number) == inside, text << " " << number);
    }
}

BOOST_AUTO_TEST_CASE(a_value_out_of_range_is_said_with_its_number_and_range) {
    const Parameter beta = real("beta2", 0.999, right_open(0, 1), ""), epochs = integer("epochs", 5, at_least(1), "");
    BOOST_TEST(problem(beta, 0.9) == "none");
    BOOST_TEST(problem(beta, 1.5) == "beta2 = 1.5 is outside [0, 1)");
    BOOST_TEST(problem(beta, std::nan("")) == "beta2 = nan is outside [0, 1)");
    BOOST_TEST(problem(epochs, whole(0)) == "epochs = 0 is outside [1, inf)");
    BOOST_TEST(problem(optional(beta), Value{}) == "none");
}

BOOST_AUTO_TEST_CASE(a_word_that_is_no_choice_is_said_with_the_words) {
    const Parameter form = choice("form", "buffer", {"buffer", "velocity"}, "");
    BOOST_TEST(problem(form, std::string("velocity")) == "none");
    BOOST_TEST(problem(form, std::string("speed")) == "form: 'speed' is not one of buffer, velocity");
}

BOOST_AUTO_TEST_CASE(lists_are_checked_element_by_element) {
    const Parameter reals = list(ValueType::reals, above(0));
    BOOST_TEST(problem(reals, std::vector<double>{1, 2, 3}) == "none");
    BOOST_TEST(problem(reals, std::vector<double>{1, -2}) == "at[1] = -2 is outside (0, inf)");
    BOOST_TEST(problem(reals, std::vector<double>{1, 2, 2}) == "at[2] = 2 does not exceed the one before it; at must be strictly increasing");
}

BOOST_AUTO_TEST_CASE(lengths_are_checked_in_their_unit) {
    Parameter length = list(ValueType::durations, above(0));
    using Lengths = std::vector<Duration>;
    BOOST_TEST(problem(length, Duration{5, TimeUnit::epochs}) == "none");
    BOOST_TEST(problem(length, Duration{0, TimeUnit::updates}) == "at = 0 is outside (0, inf)");
    BOOST_TEST(problem(length, Duration{1.5, TimeUnit::fraction}) == "at: fraction = 1.5 is outside [0, 1]");
    BOOST_TEST(problem(length, Lengths{{2, TimeUnit::epochs}, {1, TimeUnit::epochs}}) ==
               "at[1] = 1 does not exceed the one before it; at must be strictly increasing");
    BOOST_TEST(problem(length, Lengths{{2, TimeUnit::epochs}, {0.5, TimeUnit::fraction}}) == "none");  // the host compares mixed units
    BOOST_TEST(problem(length, Lengths{{0.5, TimeUnit::fraction}, {1.5, TimeUnit::fraction}}) == "at[1]: fraction = 1.5 is outside [0, 1]");
}

BOOST_AUTO_TEST_CASE(values_are_written_as_yaml_writes_them) {
    const std::pair<Value, std::string> cases[] = {
        {0.1, "0.1"},
        {1e-7, "1e-7"},
        {unbounded, ".inf"},
        {-unbounded, "-.inf"},
        {std::nan(""), ".nan"},
        {whole(-3), "-3"},
        {true, "true"},
        {std::string("plain word"), "plain word"},
        {Duration{5, TimeUnit::ticks}, "5"},
        {Duration{5, TimeUnit::epochs}, "{epochs: 5}"},
        {Duration{100, TimeUnit::updates}, "{updates: 100}"},
        {Duration{0.1, TimeUnit::fraction}, "{fraction: 0.1}"},
        {std::vector<double>{1, 0.5}, "[1, 0.5]"},
        {std::vector<double>{}, "[]"},
        {std::vector<Duration>{{1, TimeUnit::ticks}, {2, TimeUnit::epochs}}, "[1, {epochs: 2}]"},
    };
    for (const auto& [value, text] : cases) BOOST_TEST(value_text(value) == text);
    BOOST_TEST(value_text(Value{}) == "null");
}

BOOST_AUTO_TEST_CASE(text_is_quoted_where_yaml_would_read_something_else) {
    const std::pair<std::string, std::string> cases[] = {
        {"adam", "adam"},
        {"a/b.csv", "a/b.csv"},
        {"学习率", "学习率"},
        {"0x10", "0x10"},
        {"", "\"\""},
        {"1e-4", "\"1e-4\""},
        {".5", "\".5\""},
        {".inf", "\".inf\""},
        {"null", "\"null\""},
        {"~", "\"~\""},
        {"true", "\"true\""},
        {"No", "\"No\""},
        {"ON", "\"ON\""},
        {"y", "\"y\""},
        {"...", "\"...\""},
        {" a", "\" a\""},
        {"a: b", "\"a: b\""},
        {"a #b", "\"a #b\""},
        {"- a", "\"- a\""},
        {"[a]", "\"[a]\""},
        {"{a}", "\"{a}\""},
        {"*a", "\"*a\""},
        {"a,b", "\"a,b\""},
        {"say \"x\"", "\"say \\\"x\\\"\""},
        {"back\\slash", "\"back\\\\slash\""},
        {"two\nlines\tand\r", "\"two\\nlines\\tand\\r\""},
        {std::string("bell\x07"), "\"bell\\x07\""},
    };
    for (const auto& [given, expected] : cases) BOOST_TEST(yaml_text(given) == expected);
}

BOOST_AUTO_TEST_CASE(types_are_named_for_messages) {
    BOOST_TEST(type_name(real("x", 0, {}, "")) == "a number");
    BOOST_TEST(type_name(integer("x", 0, {}, "")) == "an integer");
    BOOST_TEST(type_name(flag("x", false, "")) == "true or false");
    BOOST_TEST(type_name(choice("x", "a", {"a", "b"}, "")) == "one of: a, b");
    BOOST_TEST(type_name(text("x", "", "")) == "text");
    BOOST_TEST(type_name(list(ValueType::reals, {})) == "a list of numbers");
    BOOST_TEST(type_name(list(ValueType::durations, {})) == "a list of lengths");
    BOOST_TEST(type_name(list(ValueType::duration, {})) == "a length: a number, {epochs: n}, {updates: n} or {fraction: f}");
}

BOOST_AUTO_TEST_CASE(defaults_keep_the_declared_order_and_leave_required_values_open) {
    const Schema schema = {required(integer("units", 0, at_least(1), "")), real("rate", 0.5, closed(0, 1), ""), flag("bias", true, "")};
    Values values = defaults(schema);
    BOOST_TEST((names_of(schema) == std::vector<std::string>{"units", "rate", "bias"}));
    BOOST_TEST(values.find("units") != nullptr);
    BOOST_TEST(!values.has("units"));
    BOOST_TEST(!values.has("width"));
    values.set("units", whole(50));
    BOOST_TEST(values.entries().front().first == "units");
    BOOST_TEST(values.integer("units") == 50);
    BOOST_TEST(values.real("rate") == 0.5);
    BOOST_TEST(values.flag("bias"));
    BOOST_TEST(find_parameter(schema, "rate")->name == "rate");
    BOOST_TEST((find_parameter(schema, "width") == nullptr));
    BOOST_CHECK_THROW(values.real("width"), Bug);
    BOOST_CHECK_THROW(values.real("units"), Bug);
}

BOOST_AUTO_TEST_SUITE_END()
