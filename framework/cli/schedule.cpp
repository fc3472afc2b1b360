// `etude schedule`: the rates of a schedule, without training.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/csv_input.hpp"
#include "cli/gallery.hpp"
#include "cli/spec_words.hpp"
#include "plugin/bound.hpp"
#include "report/report.hpp"
#include "study/study.hpp"
#include "train/metrics.hpp"

namespace etude::cli {
namespace {

struct ScheduleOptions {
    std::vector<std::string> words;
    double lr = 1;
    std::uint64_t updates = 0, per_epoch = 0, seed = 0;
    std::filesystem::path metrics, out;
    bool all = false;
    std::string format = "csv";
    Places places;
    RunLength length() const { return {.updates = updates, .per_epoch = per_epoch == 0 ? updates : per_epoch}; }
};

/// One epoch's row of the metrics file, told to the schedule.
void report_row(BoundSchedule& schedule, const MonitorSpec& monitor, const NumberTable& table, std::size_t row, std::uint64_t updates,
                std::uint64_t epochs) {
    const auto column = [&](std::string_view name) {
        for (std::size_t k = 0; k < table.header.size(); ++k)
            if (table.header[k] == name) return table.rows[row][k];
        return std::numeric_limits<double>::quiet_NaN();
    };
    schedule.observe(column(monitor.metric), smaller_is_better(monitor.metric),
                     {.train_loss = column("train_loss"),
                      .train_accuracy = column("train_accuracy"),
                      .validation_loss = column("validation_loss"),
                      .validation_accuracy = column("validation_accuracy"),
                      .test_loss = column("test_loss"),
                      .test_accuracy = column("test_accuracy")},
                     updates, epochs);
}

void check_metrics(const MonitorSpec& monitor, const NumberTable& table, const std::filesystem::path& file) {
    for (const std::string& name : table.header)
        if (name == monitor.metric) return;
    throw Error(fmt::format("{}:1: there is no column '{}', which the schedule monitors", file.string(), monitor.metric),
                "its columns are " + join(table.header, ", ") + "; `monitor: NAME` in the SPEC chooses another");
}

std::vector<double> rates_of(const ScheduleSpec& spec, const ScheduleOptions& options, Registry& registry,
                             const std::optional<NumberTable>& metrics) {
    const RunLength length = options.length();
    BoundSchedule schedule(SchedulePlugins(registry, spec), spec, options.lr, length, options.seed);
    if (metrics && spec.monitor) check_metrics(*spec.monitor, *metrics, options.metrics);
    std::vector<double> rates;
    for (std::uint64_t update = 0; update < length.updates; ++update) {
        rates.push_back(options.lr * schedule.factor(update));
        const std::uint64_t done = update + 1, epoch = update / length.per_epoch;
        if (metrics && spec.monitor && done % length.per_epoch == 0 && epoch < metrics->rows.size())
            report_row(schedule, *spec.monitor, *metrics, epoch, done, epoch + 1);
    }
    return rates;
}

std::string csv_text(const std::vector<std::string>& specs, const std::vector<std::vector<double>>& rates, const RunLength& length) {
    std::string text = "update,epoch";
    for (const std::string& spec : specs) text += specs.size() == 1 ? ",lr" : "," + csv_field(spec);
    text += '\n';
    for (std::uint64_t update = 0; update < length.updates; ++update) {
        text += fmt::format("{},{}", update, update / length.per_epoch);
        for (const std::vector<double>& rate : rates) text += "," + rate_text(rate[update]);
        text += '\n';
    }
    return text;
}

std::string svg_text(const std::vector<std::string>& specs, const std::vector<std::vector<double>>& rates) {
    std::vector<NamedCurve> curves;
    for (std::size_t i = 0; i < specs.size(); ++i) {
        NamedCurve& curve = curves.emplace_back(NamedCurve{.name = specs[i], .x = {}, .y = rates[i]});
        for (std::size_t update = 0; update < rates[i].size(); ++update) curve.x.push_back(static_cast<double>(update));
    }
    return line_chart_svg("Learning rate", "update", "learning rate", curves);
}

void put(const std::string& text, const std::filesystem::path& out) {
    if (out.empty()) fmt::print("{}", text);
    else write_file(out, text);
}

int schedule(const ScheduleOptions& options) {
    Registry registry = options.places.registry();
    if (options.all) return put(gallery_svg(registry), options.out), success;
    if (options.words.empty()) throw Error("no schedule is named", "a SPEC such as `cosine end=0.001`, or --all");
    if (options.updates == 0) throw Error("--updates is required", "the updates of the run: --updates 1000");
    if (!(options.lr > 0) || !std::isfinite(options.lr)) throw Error("--lr " + number(options.lr) + " is no base rate", "a number above 0");
    const std::vector<std::string> specs = join_specs(options.words);
    std::optional<NumberTable> metrics;
    if (!options.metrics.empty()) metrics = read_numbers(options.metrics, CsvHeader::yes);
    std::vector<std::vector<double>> rates;
    for (const std::string& spec_text : specs) {
        const ScheduleSpec spec = read_schedule_argument(spec_text, options.lr, registry);
        if (spec.monitor && !metrics)
            fmt::print(stderr, "note: '{}' watches {}; without --metrics it is told nothing\n", spec.name, spec.monitor->metric);
        rates.push_back(rates_of(spec, options, registry, metrics));
    }
    const std::string text = options.format == "svg" ? svg_text(specs, rates) : csv_text(specs, rates, options.length());
    put(text, options.out);
    return success;
}

}  // namespace

void add_schedule(CLI::App& app, Action& action) {
    auto options = std::make_shared<ScheduleOptions>();
    CLI::App* command = app.add_subcommand("schedule", "Print or draw the rates of schedules, without training");
    command
        ->add_option("spec", options->words,
                     "'{name: cosine, end: 0.001, warmup: {length: {epochs: 5}}}', or a name followed by param=value; several SPECs make one figure")
        ->type_name("SPEC");
    command->add_option("--lr", options->lr, "Base rate (default 1)")->type_name("R");
    command->add_option("--updates", options->updates, "Updates of the run; required but for --all")
        ->check(CLI::Range(1, 100'000'000))
        ->type_name("N");
    command->add_option("--updates-per-epoch", options->per_epoch, "Updates in an epoch (default: all, one epoch)")
        ->check(CLI::Range(1, 100'000'000))
        ->type_name("M");
    command->add_option("--metrics", options->metrics, "For schedules that watch: a row an epoch, columns named as in YAML (test_loss, ...)")
        ->type_name("FILE.csv");
    command->add_option("--seed", options->seed, "Seed of the run, for schedules with noise")->type_name("S");
    command->add_option("--format", options->format, "csv (default): update,epoch,lr; svg: a figure")
        ->check(CLI::IsMember({"csv", "svg"}))
        ->type_name("csv|svg");
    command->add_option("--out", options->out, "Write to this file instead")->type_name("FILE");
    command->add_flag("--all", options->all, "Every schedule there is in one SVG, with examples for what must be given");
    add_plugin_option(*command, options->places);
    command->callback([options, &action] { action = [options] { return schedule(*options); }; });
}

}  // namespace etude::cli
