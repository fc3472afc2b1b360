// `etude optimizer`: an optimizer without a network, over recorded gradients or a function with a known minimum.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "base/files.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/csv_input.hpp"
#include "cli/spec_words.hpp"
#include "cli/test_functions.hpp"
#include "plugin/bound.hpp"
#include "study/study.hpp"
#include "wrappers/wrapped_optimizer.hpp"

namespace etude::cli {
namespace {

struct OptimizerOptions {
    std::vector<std::string> words;
    std::string start, schedule = "constant", function;
    std::filesystem::path gradients, out;
    std::uint64_t updates = 0, per_epoch = 0, seed = 0;
    Places places;
};

std::vector<float> read_start(const std::string& text) {
    std::vector<float> start;
    for (const std::string& field : split(text, ',')) {
        const auto value = parse_real(trim(field));
        if (!value || !std::isfinite(*value))
            throw Error("--start " + text + ": '" + field + "' is not a finite number", "numbers separated by commas, as 1,2,3");
        start.push_back(static_cast<float>(*value));
    }
    return start;
}

/// Where gradients come from: rows of a file, or a function's gradient at the present weights.
class GradientSource {
  public:
    GradientSource(const OptimizerOptions& options, std::size_t width) {
        if (options.gradients.empty() == options.function.empty())
            throw Error("an optimizer needs either --gradients FILE.csv or --function NAME", "`etude optimizer --help` shows both");
        if (!options.gradients.empty()) {
            table_ = read_numbers(options.gradients, CsvHeader::no);
            if (table_.rows.front().size() != width)
                throw Error(fmt::format("{}:1: {} gradients where --start has {} weights", options.gradients.string(), table_.rows.front().size(),
                                        width));
            updates_ = table_.rows.size();
            if (options.updates > updates_)
                throw Error(fmt::format("--updates {} is more than the {} rows of {}", options.updates, updates_, options.gradients.string()));
        } else {
            function_ = &require_test_function(options.function);
            if (function_->dimensions != 0 && function_->dimensions != width)
                throw Error(fmt::format("{} has {} variables; --start gives {}", function_->name, function_->dimensions, width));
            if (options.updates == 0) throw Error("--function needs --updates N");
        }
        if (options.updates > 0) updates_ = options.updates;
    }

    std::uint64_t updates() const { return updates_; }

    bool is_function() const { return function_ != nullptr; }

    /// Writes the gradient of update t; gives the loss there (0 for recorded gradients, which come without).
    double evaluate(std::uint64_t update, std::span<const float> weights, std::span<float> gradients) const {
        if (function_ == nullptr) {
            std::ranges::transform(table_.rows[update], gradients.begin(), [](double g) { return static_cast<float>(g); });
            return 0;
        }
        const std::vector<double> point(weights.begin(), weights.end());
        std::vector<double> slope(point.size());
        function_->gradient(point, slope);
        std::ranges::transform(slope, gradients.begin(), [](double g) { return static_cast<float>(g); });
        return function_->value(point);
    }

  private:
    NumberTable table_;
    const TestFunction* function_ = nullptr;
    std::uint64_t updates_ = 0;
};

/// The function wherever the optimizer looks.
class FunctionSurface : public BatchLoss {
  public:
    explicit FunctionSurface(const GradientSource& source, std::size_t n) : source_(source), unused_(n) {}
    double loss(std::span<const float> point) override { return source_.evaluate(0, point, unused_); }
    double gradient(std::span<const float> point, std::span<float> gradients) override { return source_.evaluate(0, point, gradients); }

  private:
    const GradientSource& source_;
    std::vector<float> unused_;
};

/// The weights as one tensor: a bias-free row of a dense layer.
etude_tensor single_tensor(std::size_t count) {
    etude_tensor tensor{};
    tensor.count = count;
    std::ranges::fill(tensor.dims, std::size_t{1});
    tensor.dims[0] = count;
    tensor.rank = 1;
    tensor.role = ETUDE_WEIGHT;
    tensor.groups = 1;
    return tensor;
}

std::string row_text(std::uint64_t update, std::span<const float> weights) {
    std::string text = std::to_string(update);
    for (const float w : weights) text += "," + number(w);
    return text + "\n";
}

std::string trajectory(const OptimizerOptions& options) {
    Registry registry = options.places.registry();
    const std::vector<std::string> specs = join_specs(options.words);
    if (specs.size() != 1)
        throw Error(fmt::format("{} optimizers were given; one at a time", specs.size()), "a name followed by param=value, or one flow mapping");
    const OptimizerSpec spec = read_optimizer_argument(specs.front(), registry);
    const ScheduleSpec schedule_spec = read_schedule_argument(options.schedule, spec.lr, registry);
    const std::vector<float> start = read_start(options.start);
    const std::size_t n = start.size();
    const GradientSource source(options, n);
    const RunLength length{.updates = source.updates(), .per_epoch = options.per_epoch == 0 ? source.updates() : options.per_epoch};

    AlignedBuffer<float> weights(n), gradients(n), point(n);
    std::ranges::copy(start, weights.data());
    WrappedOptimizer optimizer(registry.require(PluginKind::optimizer, spec.name), spec, n,
                             {.length = length, .seed = options.seed, .samples = 1, .tensors = {single_tensor(n)}});
    if (optimizer.looks_around() && !source.is_function())
        throw Error("this optimizer looks at the loss at other weights, where nothing is recorded", "give it --function NAME");
    FunctionSurface surface(source, n);
    BoundSchedule schedule(SchedulePlugins(registry, schedule_spec), schedule_spec, spec.lr, length, options.seed);

    std::string text = "update";
    for (std::size_t i = 0; i < n; ++i) text += ",w" + std::to_string(i);
    text += "\n" + row_text(0, weights.span());
    for (std::uint64_t update = 0; update < length.updates; ++update) {
        const double loss = source.evaluate(update, weights.span(), gradients.span());
        optimizer.step(update, spec.lr * schedule.factor(update), loss, 1, weights.span(), gradients.span(), surface);
        if (optimizer.has_evaluation_point()) {
            optimizer.evaluation_point(update, weights.span(), point.span());
            text += row_text(update + 1, point.span());
        } else {
            text += row_text(update + 1, weights.span());
        }
    }
    return text;
}

int optimizer(const OptimizerOptions& options) {
    const std::string text = trajectory(options);
    if (options.out.empty()) fmt::print("{}", text);
    else write_file(options.out, text);
    return success;
}

}  // namespace

void add_optimizer(CLI::App& app, Action& action) {
    auto options = std::make_shared<OptimizerOptions>();
    CLI::App* command = app.add_subcommand("optimizer", "Run an optimizer over recorded gradients or a test function; prints update,w0,w1,...");
    command->add_option("spec", options->words, "'{name: adam, lr: 0.001, preset: keras3}', or a name followed by param=value")
        ->required()
        ->type_name("SPEC");
    command->add_option("--start", options->start, "Weights before the first update, as 1,2,3")->required()->type_name("W0,W1,...");
    command->add_option("--gradients", options->gradients, "One row of gradients per update, no header")->type_name("FILE.csv");
    command->add_option("--function", options->function, "Use its gradient: sphere, rosenbrock, booth, matyas, himmelblau, beale")->type_name("NAME");
    command->add_option("--updates", options->updates, "Updates to make (with --gradients: all rows unless given)")
        ->check(CLI::Range(1, 100'000'000))
        ->type_name("N");
    command->add_option("--updates-per-epoch", options->per_epoch, "Updates in an epoch (default: all)")
        ->check(CLI::Range(1, 100'000'000))
        ->type_name("M");
    command->add_option("--schedule", options->schedule, "A schedule SPEC for the rate (default: constant)")->type_name("SPEC");
    command->add_option("--seed", options->seed, "Seed of the run, for methods with noise")->type_name("S");
    command->add_option("--out", options->out, "Write to this file instead")->type_name("FILE");
    add_plugin_option(*command, options->places);
    command->callback([options, &action] { action = [options] { return optimizer(*options); }; });
}

}  // namespace etude::cli
