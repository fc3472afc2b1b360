#include "plugins/harness.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <stdexcept>

#include "base/files.hpp"
#include "base/text.hpp"
#include "plugin/table.hpp"

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

namespace {
const float brick = [] {
    const std::uint32_t bits = 0x7FC0BEEFu;  // a NaN of our own: arithmetic on it would not give these bits back
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}();
}  // namespace

GuardedFloats::GuardedFloats(std::size_t size) : size_(size), memory_(size + 2 * wall) {
    for (std::size_t i = 0; i < wall; ++i) memory_[i] = memory_[wall + size_ + i] = brick;
}

bool GuardedFloats::walls_stand() const {
    for (std::size_t i = 0; i < wall; ++i)
        if (std::memcmp(&memory_[i], &brick, sizeof brick) != 0 || std::memcmp(&memory_[wall + size_ + i], &brick, sizeof brick) != 0) return false;
    return true;
}

SteppedOptimizer::SteppedOptimizer(const Plugin& plugin, const OptimizerSpec& spec, std::vector<float> start)
    : spec_(spec), functions_(read_optimizer(read_table(plugin.table))), configuration_(plugin, spec.values, TimeScale{}), weights_(start.size()),
      gradients_(start.size()), scalars_(initial_scalars(read_table(plugin.table))), count_(start.size()) {
    std::ranges::copy(start, weights_.data());
    for (std::size_t k = 0; k < plugin.slots.size(); ++k) slots_.emplace_back(count_);
}

void SteppedOptimizer::step(std::uint64_t update, double lr, std::span<const float> gradients, etude_isa isa, std::vector<std::size_t> cuts) {
    BOOST_REQUIRE(functions_.step[isa] != nullptr);
    std::ranges::copy(gradients, gradients_.data());
    const etude_tensor tensor{.offset = 0, .count = count_, .dims = {count_, 1, 1, 1, 1}, .rank = 1, .role = ETUDE_BIAS, .groups = 0, .reserved = 0};
    const std::vector<double> before = scalars_;
    cuts.push_back(count_);
    std::size_t first = 0;
    for (const std::size_t end : cuts) {
        std::vector<double> scalars = before;
        std::vector<float*> slots;
        for (GuardedFloats& slot : slots_) slots.push_back(slot.data() + first);
        etude_step s{};
        s.size = sizeof s;
        s.index = update;
        s.total = 1000;
        s.per_epoch = 10;
        s.lr = lr;
        s.base_lr = spec_.lr;
        s.loss = 1;
        s.samples = 320;
        s.batch = 32;
        s.first = first;
        s.n = end - first;
        s.weights = weights_.data() + first;
        s.gradients = gradients_.data() + first;
        s.slots = slots.data();
        s.scalars = scalars.data();
        s.tensors = &tensor;
        s.n_tensors = 1;
        s.tensor_size = sizeof tensor;
        etude_error error{sizeof error, {}};
        BOOST_REQUIRE_MESSAGE(functions_.step[isa](configuration_.self(), &s, &error) == 0, spec_.name << ": " << error.message);
        if (first == 0) scalars_ = scalars;
        first = end;
    }
}

std::vector<float> SteppedOptimizer::weights() { return {weights_.data(), weights_.data() + count_}; }

std::string SteppedOptimizer::state() {
    const auto bytes = [](const auto* data, std::size_t count) { return std::string(reinterpret_cast<const char*>(data), count * sizeof *data); };
    std::string all = bytes(weights_.data(), count_) + bytes(scalars_.data(), scalars_.size());
    for (GuardedFloats& slot : slots_) all += bytes(slot.data(), count_);
    return all;
}

void SteppedOptimizer::restore(SteppedOptimizer& other) {
    std::ranges::copy(other.weights_.span(), weights_.data());
    for (std::size_t k = 0; k < slots_.size(); ++k) std::ranges::copy(other.slots_[k].span(), slots_[k].data());
    scalars_ = other.scalars_;
}

bool SteppedOptimizer::walls_stand() const {
    return weights_.walls_stand() && gradients_.walls_stand() && std::ranges::all_of(slots_, &GuardedFloats::walls_stand);
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
