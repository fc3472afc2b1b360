#include "plugins/schedule_rows.hpp"

#include "base/text.hpp"

namespace etude::test {
namespace {

/// "updates from": a line with half-open ends, before the schedule.
std::optional<WarmupSpec> warmup_of(std::string_view text) {
    if (text.empty()) return std::nullopt;
    const std::vector<double> numbers = reals(text);
    return WarmupSpec{.length = {numbers.at(0), TimeUnit::updates}, .from = numbers.at(1), .ends = Ends::half_open};
}

}  // namespace

GivenTime time_of(std::string_view text) {
    GivenTime time;
    if (text.empty()) return time;
    for (const std::string& setting : split(text, ';')) {
        const std::vector<std::string> parts = split(setting, '=');
        if (parts.at(0) == "unit") time.unit = from_word<ScheduleUnit>(parts.at(1)).value();
        else if (parts.at(0) == "ends") time.ends = from_word<Ends>(parts.at(1)).value();
        else time.after = from_word<After>(parts.at(1)).value();
    }
    return time;
}

std::vector<double> rates_of(const Plugin& plugin, const ScheduleSpec& spec, double base, const RunLength& length, std::uint64_t seed) {
    BoundSchedule schedule(plugin, spec, base, length, seed);
    std::vector<double> all;
    for (std::uint64_t update = 0; update < length.updates; ++update) all.push_back(base * schedule.factor(update));
    return all;
}

ScheduleRow schedule_row(const Table& table, std::size_t row, Registry& registry) {
    const auto cell = [&](const char* column) -> const std::string& { return table.at(row, column); };
    const Plugin& plugin = registry.require(PluginKind::schedule, cell("schedule"));
    const double base = parse_real(cell("lr")).value();
    ScheduleSpec spec = schedule_spec(plugin, cell("preset"), base, time_of(cell("time")), cell("parameters"));
    if (table.columns.contains("warmup")) spec.warmup = warmup_of(cell("warmup"));
    return {.label = "case " + cell("case") + ": " + cell("schedule") + " " + cell("preset") + " " + cell("time") + " " + cell("parameters"),
            .plugin = plugin,
            .base = base,
            .spec = std::move(spec),
            .length = {std::stoull(cell("updates")), std::stoull(cell("per_epoch"))},
            .expected = reals(cell("rates"))};
}

}  // namespace etude::test
