// `etude data`: sizes, classes and ranges of a data set, and a figure of it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "report/report.hpp"
#include "study/study.hpp"
#include "sweep/trainers.hpp"

namespace etude::cli {
namespace {

struct DataOptions {
    std::string target;
    std::filesystem::path out;
    Places places;
};

bool is_study(const DataOptions& options) { return options.target.ends_with(".yaml") || options.target.ends_with(".yml"); }

DataPaths paths_of(const DataOptions& options) {
    return options.places.data_paths(is_study(options) ? std::filesystem::path(options.target).parent_path() : std::filesystem::path{});
}

Component named_data(const DataOptions& options) {
    if (!is_study(options)) return read_data_argument(options.target);
    Registry registry = options.places.registry();
    const DataPaths paths = paths_of(options);
    return Study::read(options.target, registry, {.overrides = {}, .data = paths, .train = make_trainer(registry, paths, 1)}).trial(0).data;
}

struct Summary {
    double min = unbounded, max = -unbounded, sum = 0, squares = 0;
    std::size_t count = 0;
    void add(double v) {
        min = std::min(min, v), max = std::max(max, v);
        sum += v, squares += v * v;
        ++count;
    }
    std::string text() const {
        const double mean = sum / static_cast<double>(count);
        return fmt::format("min {:.6g}, mean {:.6g}, max {:.6g}, std {:.6g}", min, mean, max,
                           std::sqrt(std::max(0.0, squares / static_cast<double>(count) - mean * mean)));
    }
};

void print_part(const std::string& name, const Part& part, const Dataset& data) {
    if (part.count() == 0) return;
    fmt::print("{}: {} samples\n", name, part.count());
    Summary values, targets;
    std::vector<float> row(data.shape.size());
    std::vector<std::size_t> classes(data.classes);
    for (std::uint32_t i = 0; i < part.count(); ++i) {
        part.gather({&i, 1}, row.data(), row.size());
        for (const float v : row) values.add(v);
        if (data.classes > 0) ++classes[static_cast<std::size_t>(part.label(i))];
        else targets.add(part.target(i));
    }
    fmt::print("  values: {}\n", values.text());
    if (data.classes == 0) fmt::print("  targets: {}\n", targets.text());
    for (std::size_t c = 0; c < classes.size(); ++c)
        fmt::print("  class {}{}: {} samples\n", c, c < data.class_names.size() ? " (" + data.class_names[c] + ")" : "", classes[c]);
}

int data(const DataOptions& options) {
    const Component component = named_data(options);
    const auto dataset = load_dataset(component, paths_of(options));
    std::string keys;
    for (const auto& [name, value] : component.values.entries())
        if (!std::holds_alternative<std::monostate>(value)) keys += ", " + name + ": " + value_text(value);
    fmt::print("{{name: {}{}}}\n", component.name, keys);
    fmt::print("{} of {} values{}{}\n", dataset->image ? "images" : "vectors", dataset->shape.size(),
               dataset->image ? fmt::format(" ({} x {} x {})", dataset->shape.channels, dataset->shape.height, dataset->shape.width) : "",
               dataset->classes > 0 ? fmt::format(", {} classes", dataset->classes) : ", regression");
    print_part("train", dataset->train, *dataset);
    print_part("validation", dataset->validation, *dataset);
    print_part("test", dataset->test, *dataset);
    if (options.out.empty()) return success;
    write_file(options.out, dataset_svg(*dataset));
    fmt::print("figure: {}\n", options.out.string());
    return success;
}

}  // namespace

void add_data(CLI::App& app, Action& action) {
    auto options = std::make_shared<DataOptions>();
    CLI::App* command = app.add_subcommand("data", "Look at a data set: sizes, classes, ranges; a figure with --out");
    command->add_option("set", options->target, "Study file, name, or '{name: blobs, samples: 300}'")->required()->type_name("STUDY.yaml|NAME");
    command->add_option("--out", options->out, "Draw it: scatter, contact sheet or histogram")->type_name("FILE.svg");
    add_data_option(*command, options->places);
    add_plugin_option(*command, options->places);
    command->callback([options, &action] { action = [options] { return data(*options); }; });
}

}  // namespace etude::cli
