#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "base/isa.hpp"
#include "plugin/bound.hpp"
#include "plugin/conformance_parts.hpp"
#include "plugin/stepping.hpp"

namespace etude::detail {
namespace {

constexpr std::size_t count = 67;  // no multiple of any vector

/// Numbers in [-1, 1), the same on every machine.
std::vector<float> noise(std::uint64_t seed, std::size_t size = count) {
    std::vector<float> values(size);
    std::uint64_t x = seed * 0x9E3779B97F4A7C15u + 1;
    for (float& value : values) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        value = static_cast<float>(static_cast<std::int64_t>(x) >> 40) / 8388608.0f;
    }
    return values;
}

struct Configured {
    const Plugin* plugin;
    OptimizerSpec spec;
    std::string label;
    bool pulls = false;  ///< weight decay is on, and strong
};

/// What the plugin itself refuses to combine is no configuration of it.
void add_if_accepted(std::vector<Configured>& all, const Plugin& plugin, const std::string& preset, const std::vector<GivenValue>& given,
                     const std::string& label, bool pulls = false) {
    const std::optional<double> lr = plugin.lr > 0 ? std::optional<double>() : 0.01;
    const Resolution<OptimizerSpec> resolution = resolve_optimizer(plugin, preset, lr, given);
    if (resolution.problems.empty()) all.push_back({&plugin, resolution.spec, label, pulls});
}

/// Default, presets, and every word of every choice and every flag, with weight decay and momentum on where a plugin has them.
std::vector<Configured> configurations(const Plugin& plugin) {
    const std::vector<GivenValue> example = example_of(plugin).given;
    std::vector<Configured> all;
    add_if_accepted(all, plugin, "", example, "default");
    for (const PresetInfo& preset : plugin.presets) add_if_accepted(all, plugin, preset.name, example, "preset " + preset.name);
    std::vector<GivenValue> base = example;
    std::string with;
    bool pulls = false;
    for (const char* on : {"weight_decay", "momentum"})
        if (const Parameter* parameter = find_parameter(plugin.description.schema, on); parameter != nullptr && parameter->type == ValueType::real) {
            base.push_back({on, 0.5});
            with += fmt::format("{}: 0.5, ", on);
            pulls = pulls || on == std::string_view("weight_decay");
        }
    const auto add = [&](const Parameter& parameter, const Value& value) {
        std::vector<GivenValue> given = base;
        std::erase_if(given, [&](const GivenValue& other) { return other.key == parameter.name; });
        given.push_back({parameter.name, value});
        add_if_accepted(all, plugin, "", given, fmt::format("{}{}: {}", with, parameter.name, value_text(value)), pulls);
    };
    for (const Parameter& parameter : plugin.description.schema) {
        if (parameter.type == ValueType::flag) add(parameter, true);
        for (const std::string& word : parameter.words) add(parameter, word);
    }
    return all;
}

std::vector<etude_isa> runnable_sets(const SteppedOptimizer& optimizer) {
    std::vector<etude_isa> sets;
    for (const Isa isa : available_isas())
        if (const auto set = static_cast<etude_isa>(isa); optimizer.has_step(set)) sets.push_back(set);
    return sets;
}

/// Steps from `begin` to `end` with gradients that only depend on the update, at rates that move.
void run(SteppedOptimizer& optimizer, const OptimizerSpec& spec, std::uint64_t begin, std::uint64_t end, etude_isa isa = ETUDE_BASE,
         const std::vector<std::size_t>& cuts = {}) {
    for (std::uint64_t update = begin; update < end; ++update) {
        const double factor = 0.6 + 0.4 * std::cos(static_cast<double>(update));
        optimizer.step(update, spec.lr * factor, noise(update + 100), isa, cuts);
    }
}

std::string state_after(const Configured& c, std::uint64_t updates, etude_isa isa = ETUDE_BASE, const std::vector<std::size_t>& cuts = {}) {
    SteppedOptimizer optimizer(*c.plugin, c.spec, noise(1));
    run(optimizer, c.spec, 0, updates, isa, cuts);
    return optimizer.state();
}

template <class Check>
Problems over_configurations(const Plugin& plugin, const Check& check) {
    return problems_of(configurations(plugin), check);
}

Problems rate_zero(const Plugin& plugin) {
    return over_configurations(plugin, [](const Configured& c) -> std::string {
        SteppedOptimizer optimizer(*c.plugin, c.spec, noise(1));
        for (std::uint64_t update = 0; update < 3; ++update) optimizer.step(update, 0.0, noise(update + 100));
        return optimizer.weights() == noise(1) ? "" : "the weights moved";
    });
}

Problems determinism(const Plugin& plugin) {
    return over_configurations(plugin, [](const Configured& c) -> std::string {
        if (state_after(c, 20) != state_after(c, 20)) return "two equal runs of 20 updates differ";
        SteppedOptimizer other(*c.plugin, c.spec, noise(1));
        run(other, c.spec, 0, 19);
        other.step(19, c.spec.lr, noise(7));
        return state_after(c, 20) != other.state() ? "" : "another gradient changes nothing";
    });
}

Problems resume(const Plugin& plugin) {
    return over_configurations(plugin, [](const Configured& c) -> std::string {
        SteppedOptimizer first(*c.plugin, c.spec, noise(1)), second(*c.plugin, c.spec, noise(2));
        run(first, c.spec, 0, 10);
        second.restore(first);
        run(second, c.spec, 10, 20);
        return second.state() == state_after(c, 20) ? "" : "the resumed run differs: something is remembered outside slots and state";
    });
}

Problems parts(const Plugin& plugin) {
    return over_configurations(plugin, [](const Configured& c) -> std::string {
        return state_after(c, 20, ETUDE_BASE, {1, 17, 32}) == state_after(c, 20) ? "" : "parts give other bits than the whole: it is not elementwise";
    });
}

Problems instruction_sets(const Plugin& plugin) {
    return over_configurations(plugin, [](const Configured& c) -> std::string {
        const std::string expected = state_after(c, 50);
        for (const etude_isa isa : runnable_sets(SteppedOptimizer(*c.plugin, c.spec, noise(1))))
            if (state_after(c, 50, isa) != expected) return fmt::format("{} gives other bits than the baseline", isa_title(static_cast<Isa>(isa)));
        return "";
    });
}

Problems walls(const Plugin& plugin) {
    return over_configurations(plugin, [](const Configured& c) -> std::string {
        for (const etude_isa isa : runnable_sets(SteppedOptimizer(*c.plugin, c.spec, noise(1))))
            for (const std::size_t size : {std::size_t{1}, std::size_t{15}, std::size_t{64}, count}) {
                SteppedOptimizer optimizer(*c.plugin, c.spec, noise(1, size));
                for (std::uint64_t update = 0; update < 3; ++update) optimizer.step(update, c.spec.lr, noise(update, size), isa);
                if (!optimizer.walls_stand()) return fmt::format("with {} weights in {}", size, isa_title(static_cast<Isa>(isa)));
            }
        return "";
    });
}

/// One broken gradient among sound ones, five updates long.
std::string after_broken(const Configured& c, float broken) {
    SteppedOptimizer sound(*c.plugin, c.spec, noise(1)), spoilt(*c.plugin, c.spec, noise(1));
    for (std::uint64_t update = 0; update < 5; ++update) {
        std::vector<float> gradient = noise(update);
        sound.step(update, c.spec.lr, gradient);
        gradient[3] = broken;
        spoilt.step(update, c.spec.lr, gradient);
    }
    if (!spoilt.walls_stand()) return fmt::format("a gradient of {} makes it write outside its buffers", broken);
    if (!c.plugin->elementwise) return "";
    std::vector<float> expected = sound.weights(), got = spoilt.weights();
    if (std::isnan(broken) && !std::isnan(got[3])) return "a gradient of NaN is hidden: its weight stays a number";
    expected[3] = got[3] = 0;
    return got == expected ? "" : fmt::format("a gradient of {} changes other weights than its own", broken);
}

Problems broken_gradients(const Plugin& plugin) {
    return over_configurations(plugin, [](const Configured& c) -> std::string {
        for (const float broken : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})
            if (std::string problem = after_broken(c, broken); !problem.empty()) return problem;
        return "";
    });
}

/// What one that looks around does in a few updates, each of which is watched (stepping.hpp).
Problems questions(const Plugin& plugin) {
    return over_configurations(plugin, [](const Configured& c) -> std::string {
        SteppedOptimizer optimizer(*c.plugin, c.spec, noise(1));
        run(optimizer, c.spec, 0, 5);
        return "";
    });
}

struct Landscape {
    const char* name;
    std::vector<float> start;
    double (*value)(double, double);
    std::pair<double, double> (*gradient)(double, double);
};

std::vector<Landscape> landscapes() {
    return {{"sphere",
             {3, -2},
             [](double x, double y) { return x * x + y * y; },
             [](double x, double y) {
                 return std::pair{2 * x, 2 * y};
             }},
            {"booth",
             {-4, 4},
             [](double x, double y) { return std::pow(x + 2 * y - 7, 2) + std::pow(2 * x + y - 5, 2); },
             [](double x, double y) {
                 return std::pair{10 * x + 8 * y - 34, 8 * x + 10 * y - 38};
             }},
            {"rosenbrock",
             {-1.2f, 1},
             [](double x, double y) { return std::pow(1 - x, 2) + 100 * std::pow(y - x * x, 2); },
             [](double x, double y) {
                 return std::pair{-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)};
             }}};
}

class Surface : public BatchLoss {
  public:
    explicit Surface(const Landscape& landscape) : landscape_(landscape) {}
    double loss(std::span<const float> w) override { return landscape_.value(w[0], w[1]); }
    double gradient(std::span<const float> w, std::span<float> gradients) override {
        const auto [dx, dy] = landscape_.gradient(w[0], w[1]);
        gradients[0] = static_cast<float>(dx), gradients[1] = static_cast<float>(dy);
        return loss(w);
    }

  private:
    const Landscape& landscape_;
};

/// The value after 1000 updates over that at the start.
double kept_value(const Configured& c, const Landscape& landscape, double rate) {
    SteppedOptimizer optimizer(*c.plugin, c.spec, landscape.start);
    Surface surface(landscape);
    std::vector<float> w = landscape.start;
    for (std::uint64_t update = 0; update < 1000; ++update) {
        std::vector<float> gradient(2);
        const double loss = surface.gradient(w, gradient);
        optimizer.step(update, rate, loss, gradient, surface);
        w = optimizer.weights();
    }
    return landscape.value(w[0], w[1]) / landscape.value(landscape.start[0], landscape.start[1]);
}

Problems descent(const Plugin& plugin) {
    return over_configurations(plugin, [](const Configured& c) -> std::string {
        if (c.pulls) return "";  // so strong a pull moves the minimum
        for (const Landscape& landscape : landscapes()) {
            double best = std::numeric_limits<double>::infinity();
            for (const double rate : {1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6}) best = std::fmin(best, kept_value(c, landscape, rate));
            if (!(best < 0.3))
                return fmt::format("on {} {:.3g} of the value it began with are left at the best of seven rates", landscape.name, best);
        }
        return "";
    });
}

struct OptimizerRun {
    OptimizerRun(const Configured& c, int which)
        : optimizer(*c.plugin, c.spec, noise(static_cast<std::uint64_t>(which) + 1)), lr(c.spec.lr), seed(which == 0 ? 100 : 1000) {}
    void step(std::uint64_t update) { optimizer.step(update, lr, noise(update + seed)); }
    std::string result() { return optimizer.state(); }
    SteppedOptimizer optimizer;
    double lr;
    std::uint64_t seed;
};

Problems threads(const Plugin& plugin) { return lockstep_problems<OptimizerRun>(configurations(plugin), 30); }

bool is_elementwise(const Plugin& plugin) { return plugin.elementwise; }
bool looks_around(const Plugin& plugin) { return plugin.probes; }

const std::vector<ConformanceCheck> checks{
    {"the table says what is meant", table_says_what_is_meant},
    {"the same run gives the same bits", determinism},
    {"a state taken over at update 10 leads to the same bits at update 20", resume},
    {"two threads at once give the same bits as each alone", threads},
    {"where it looks is written whole, and looking changes nothing", questions, looks_around},
    {"a rate of 0 leaves the weights alone", rate_zero},
    {"parts give the same bits as the whole", parts, is_elementwise},
    {"every instruction set gives the same bits", instruction_sets},
    {"nothing is written outside the buffers", walls},
    {"a gradient that is no number spoils its own weight alone", broken_gradients},
    {"it descends on known functions", descent},
};

}  // namespace

std::span<const ConformanceCheck> optimizer_checks() { return checks; }

}  // namespace etude::detail
