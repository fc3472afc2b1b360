#include "base/value.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

namespace etude {
namespace {

template <class T> const T& get(const Values& values, std::string_view name, const char* what) {
    const Value* value = values.find(name);
    ETUDE_ASSERT(value != nullptr, "no value '" + std::string(name) + "'");
    const T* held = std::get_if<T>(value);
    ETUDE_ASSERT(held != nullptr, "value '" + std::string(name) + "' is not " + what);
    return *held;
}

std::string duration_text(const Duration& d) {
    switch (d.unit) {
        case TimeUnit::ticks: return number(d.amount);
        case TimeUnit::updates: return "{updates: " + number(d.amount) + "}";
        case TimeUnit::epochs: return "{epochs: " + number(d.amount) + "}";
        case TimeUnit::fraction: return "{fraction: " + number(d.amount) + "}";
    }
    return "";
}

/// Infinities and NaN as YAML 1.2 writes them.
std::string real_text(double value) {
    if (std::isnan(value)) return ".nan";
    if (std::isinf(value)) return value > 0 ? ".inf" : "-.inf";
    return number(value);
}

template <class T, class F> std::string list_text(const std::vector<T>& list, F&& element) {
    std::string text = "[";
    for (std::size_t i = 0; i < list.size(); ++i) text += (i > 0 ? ", " : "") + element(list[i]);
    return text + "]";
}

/// Words that a YAML reader may take for a flag or for nothing, in any case.
bool is_yaml_word(std::string_view text) {
    static constexpr std::string_view words[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"};
    const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
    return std::ranges::any_of(words, [&](std::string_view word) { return std::ranges::equal(text, word, same); });
}

Parameter make(std::string name, ValueType type, Value fallback, Interval range, std::string doc) {
    Parameter p;
    p.name = std::move(name);
    p.type = type;
    p.fallback = std::move(fallback);
    p.range = range;
    p.doc = std::move(doc);
    return p;
}

}  // namespace

bool Interval::contains(double value) const {
    if (std::isnan(value)) return false;
    // An infinite bound includes infinity itself unless it is open.
    return (min_open ? value > min : value >= min) && (max_open ? value < max : value <= max);
}

std::string Interval::text() const {
    return std::string(min_open || min == -unbounded ? "(" : "[") + number(min) + ", " + number(max) + (max_open || max == unbounded ? ")" : "]");
}

Parameter real(std::string name, double fallback, Interval range, std::string doc) {
    return make(std::move(name), ValueType::real, fallback, range, std::move(doc));
}
Parameter integer(std::string name, std::int64_t fallback, Interval range, std::string doc) {
    return make(std::move(name), ValueType::integer, fallback, range, std::move(doc));
}
Parameter flag(std::string name, bool fallback, std::string doc) { return make(std::move(name), ValueType::flag, fallback, {}, std::move(doc)); }
Parameter choice(std::string name, std::string fallback, std::vector<std::string> words, std::string doc) {
    Parameter p = make(std::move(name), ValueType::choice, std::move(fallback), {}, std::move(doc));
    p.words = std::move(words);
    return p;
}
Parameter integer_or(std::string name, std::int64_t fallback, Interval range, std::vector<std::string> words, std::string doc) {
    Parameter p = integer(std::move(name), fallback, range, std::move(doc));
    p.words = std::move(words);
    return p;
}
Parameter text(std::string name, std::string fallback, std::string doc) {
    return make(std::move(name), ValueType::text, std::move(fallback), {}, std::move(doc));
}
Parameter required(Parameter parameter) {
    parameter.required = true;
    parameter.fallback = std::monostate{};
    return parameter;
}
Parameter optional(Parameter parameter) {
    parameter.fallback = std::monostate{};
    return parameter;
}

std::optional<std::string> range_problem(const Parameter& parameter, const Value& value) {
    const auto outside = [&](double number_given, const std::string& where) -> std::optional<std::string> {
        if (parameter.range.contains(number_given)) return std::nullopt;
        return where + " = " + number(number_given) + " is outside " + parameter.range.text();
    };
    const auto element = [&](std::size_t i) { return parameter.name + "[" + std::to_string(i) + "]"; };
    const auto not_increasing = [&](std::size_t i, double before, double here) -> std::optional<std::string> {
        if (!parameter.increasing || here > before) return std::nullopt;
        return element(i) + " = " + number(here) + " does not exceed the one before it; " + parameter.name + " must be strictly increasing";
    };
    const auto not_a_fraction = [](const Duration& d, const std::string& where) -> std::optional<std::string> {
        if (d.unit != TimeUnit::fraction || (d.amount >= 0 && d.amount <= 1)) return std::nullopt;
        return where + ": fraction = " + number(d.amount) + " is outside [0, 1]";
    };
    if (const double* real = std::get_if<double>(&value)) return outside(*real, parameter.name);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return outside(static_cast<double>(*integer), parameter.name);
    if (const auto* duration = std::get_if<Duration>(&value)) {
        if (auto problem = not_a_fraction(*duration, parameter.name)) return problem;
        return outside(duration->amount, parameter.name);
    }
    if (const auto* reals = std::get_if<std::vector<double>>(&value))
        for (std::size_t i = 0; i < reals->size(); ++i) {
            if (auto problem = outside((*reals)[i], element(i))) return problem;
            if (i > 0)
                if (auto problem = not_increasing(i, (*reals)[i - 1], (*reals)[i])) return problem;
        }
    if (const auto* durations = std::get_if<std::vector<Duration>>(&value))
        for (std::size_t i = 0; i < durations->size(); ++i) {
            const Duration& d = (*durations)[i];
            if (auto problem = not_a_fraction(d, element(i))) return problem;
            if (auto problem = outside(d.amount, element(i))) return problem;
            if (i > 0 && (*durations)[i - 1].unit == d.unit)  // mixed units are compared by the host, which knows the run
                if (auto problem = not_increasing(i, (*durations)[i - 1].amount, d.amount)) return problem;
        }
    if (parameter.type == ValueType::choice)
        if (const auto* word = std::get_if<std::string>(&value); word && std::ranges::find(parameter.words, *word) == parameter.words.end())
            return parameter.name + ": '" + *word + "' is not one of " + join(parameter.words, ", ");
    return std::nullopt;
}

std::string type_name(const Parameter& parameter) {
    switch (parameter.type) {
        case ValueType::real: return "a number";
        case ValueType::integer: return parameter.words.empty() ? "an integer" : "an integer or " + join(parameter.words, ", ");
        case ValueType::flag: return "true or false";
        case ValueType::choice: return "one of: " + join(parameter.words, ", ");
        case ValueType::duration: return "a length: a number, {epochs: n}, {updates: n} or {fraction: f}";
        case ValueType::reals: return "a list of numbers";
        case ValueType::durations: return "a list of lengths";
        case ValueType::text: return "text";
    }
    return "";
}

std::string yaml_text(std::string_view text) {
    const auto is_plain = [&] {
        if (text.empty() || is_yaml_word(text) || text.starts_with("...")) return false;
        if (parse_real(text) || trim(text) != text) return false;
        const auto word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80); };
        if (!word(text.front()) && text.front() != '/' && text.front() != '.') return false;
        return std::ranges::all_of(text, [&](char c) { return word(c) || c == '-' || c == '.' || c == '/' || c == ' '; });
    };
    if (is_plain()) return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\', quoted += c;
        else if (c == '\n') quoted += "\\n";
        else if (c == '\t') quoted += "\\t";
        else if (c == '\r') quoted += "\\r";
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) quoted += "\\x" + hex(static_cast<unsigned char>(c)).substr(14);
        else quoted += c;
    }
    return quoted + "\"";
}

std::string value_text(const Value& value) {
    struct Writer {
        std::string operator()(std::monostate) const { return "null"; }
        std::string operator()(double v) const { return real_text(v); }
        std::string operator()(std::int64_t v) const { return std::to_string(v); }
        std::string operator()(bool v) const { return v ? "true" : "false"; }
        std::string operator()(const std::string& v) const { return yaml_text(v); }
        std::string operator()(const Duration& v) const { return duration_text(v); }
        std::string operator()(const std::vector<double>& v) const { return list_text(v, real_text); }
        std::string operator()(const std::vector<Duration>& v) const { return list_text(v, duration_text); }
    };
    return std::visit(Writer{}, value);
}

void Values::set(std::string_view name, Value value) {
    for (auto& [key, held] : entries_)
        if (key == name) {
            held = std::move(value);
            return;
        }
    entries_.emplace_back(std::string(name), std::move(value));
}

const Value* Values::find(std::string_view name) const {
    for (const auto& [key, held] : entries_)
        if (key == name) return &held;
    return nullptr;
}

bool Values::has(std::string_view name) const {
    const Value* value = find(name);
    return value != nullptr && !std::holds_alternative<std::monostate>(*value);
}

double Values::real(std::string_view name) const { return get<double>(*this, name, "a real"); }
std::int64_t Values::integer(std::string_view name) const { return get<std::int64_t>(*this, name, "an integer"); }
bool Values::flag(std::string_view name) const { return get<bool>(*this, name, "a flag"); }
const std::string& Values::word(std::string_view name) const { return get<std::string>(*this, name, "a word"); }

const std::vector<Component>& Component::list(std::string_view list_name) const {
    static const std::vector<Component> nothing;
    const auto found = std::ranges::find(lists, list_name, &List::name);
    return found == lists.end() ? nothing : found->items;
}

Values defaults(const Schema& schema) {
    Values values;
    for (const Parameter& p : schema) values.set(p.name, p.fallback);
    return values;
}

const Parameter* find_parameter(const Schema& schema, std::string_view name) {
    const auto found = std::ranges::find(schema, name, &Parameter::name);
    return found == schema.end() ? nullptr : &*found;
}

std::vector<std::string> names_of(const Schema& schema) {
    std::vector<std::string> names;
    for (const Parameter& p : schema) names.push_back(p.name);
    return names;
}

}  // namespace etude
