#include "plugins/harness.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "base/files.hpp"
#include "base/text.hpp"

namespace etude::test {
namespace {

Duration duration(std::string_view text) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789.e-+"), text.find("epochs"));
    const std::string_view unit = end == std::string_view::npos ? "" : text.substr(end);
    const double amount = parse_real(text.substr(0, end)).value();
    if (unit == "updates") return {amount, TimeUnit::updates};
    if (unit == "epochs") return {amount, TimeUnit::epochs};
    if (unit == "fraction") return {amount, TimeUnit::fraction};
    if (!unit.empty()) throw std::invalid_argument("no unit: " + std::string(text));
    return {amount, TimeUnit::ticks};
}

Value value_of(ValueType type, const std::string& text) {
    switch (type) {
        case ValueType::real: return parse_real(text).value();
        case ValueType::integer: return static_cast<std::int64_t>(parse_integer(text).value());
        case ValueType::flag: return text == "true";
        case ValueType::duration: return duration(text);
        case ValueType::reals: return reals(text);
        case ValueType::durations: {
            std::vector<Duration> list;
            for (const std::string& part : split(text, ' ')) list.push_back(duration(part));
            return list;
        }
        default: return text;
    }
}

template <class Spec> Spec checked(const Plugin& plugin, Resolution<Spec> resolution) {
    for (const ResolveProblem& problem : resolution.problems) BOOST_FAIL(plugin.description.name << ": " << problem.message);
    return resolution.spec;
}

}  // namespace

Registry shipped_plugins() { return Registry::scan({ETUDE_BINARY_DIR "/plugins"}); }

std::vector<GivenValue> given_values(const Plugin& plugin, std::string_view settings) {
    std::vector<GivenValue> given;
    if (settings.empty()) return given;
    for (const std::string& setting : split(settings, ';')) {
        const std::size_t equals = setting.find('=');
        const std::string key = setting.substr(0, equals);
        const Parameter* parameter = find_parameter(plugin.description.schema, key);
        if (parameter == nullptr && key.ends_with("_ratio"))
            parameter = find_parameter(plugin.description.schema, key.substr(0, key.size() - std::string_view("_ratio").size()));
        if (parameter == nullptr) throw std::invalid_argument(plugin.description.name + " has no " + key);
        given.push_back({key, value_of(parameter->type, setting.substr(equals + 1))});
    }
    return given;
}

OptimizerSpec optimizer_spec(const Plugin& plugin, std::string_view preset, std::optional<double> lr, std::string_view settings) {
    return checked(plugin, resolve_optimizer(plugin, preset, lr, given_values(plugin, settings)));
}

ScheduleSpec schedule_spec(const Plugin& plugin, std::string_view preset, double base, const GivenTime& time, std::string_view settings) {
    return checked(plugin, resolve_schedule(plugin, preset, base, time, given_values(plugin, settings)));
}

Table read_table_file(const std::string& name, Header header) {
    Table table;
    for (const std::string& line : split(read_file(ETUDE_SOURCE_DIR "/tests/plugins/oracles/tables/" + name), '\n'))
        if (!line.empty()) table.rows.push_back(split(line, ','));
    if (header == Header::no) return table;
    for (std::size_t i = 0; i < table.rows.at(0).size(); ++i) table.columns[table.rows[0][i]] = i;
    table.rows.erase(table.rows.begin());
    return table;
}

std::vector<double> reals(std::string_view text, char separator) {
    std::vector<double> numbers;
    for (const std::string& part : split(text, separator)) numbers.push_back(parse_real(part).value());
    return numbers;
}

std::vector<etude_isa> runnable_sets() {
    std::vector<etude_isa> sets{ETUDE_BASE};
#if defined(__x86_64__)
    const auto offer = [&](etude_isa set, bool runs, const char* name) {
        if (runs) sets.push_back(set);
        else BOOST_TEST_MESSAGE("this CPU does not run " << name << ": not compared");
    };
    offer(ETUDE_X86_V3, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"), "x86-64-v3");
    offer(ETUDE_X86_V4, __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
                            __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd"), "x86-64-v4");
#endif
    return sets;
}

}  // namespace etude::test
