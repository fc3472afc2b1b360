// What every optimizer must do, whoever wrote it: over all that the build made, in the default and every preset.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <limits>

#include "plugins/harness.hpp"

using namespace etude;
using namespace etude::test;

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
};

/// Default, presets, and every word of every choice and every flag with weight decay and momentum on, where a plugin has them and
/// takes them together.
std::vector<Configured> configurations(Registry& registry) {
    std::vector<Configured> all;
    for (const Plugin* plugin : registry.all(PluginKind::optimizer)) {
        const std::string& name = plugin->description.name;
        const std::optional<double> lr = plugin->lr > 0 ? std::optional<double>() : 0.01;
        all.push_back({plugin, optimizer_spec(*plugin, "", lr, ""), name});
        for (const PresetInfo& preset : plugin->presets)
            all.push_back({plugin, optimizer_spec(*plugin, preset.name, lr, ""), name + " " + preset.name});
        std::string base;
        for (const char* on : {"weight_decay", "momentum"})
            if (find_parameter(plugin->description.schema, on)) base += std::string(base.empty() ? "" : ";") + on + "=0.5";
        const auto add = [&](const std::string& setting) {
            const std::string settings = base.empty() ? setting : base + ";" + setting;
            const Resolution<OptimizerSpec> resolution = resolve_optimizer(*plugin, "", lr, given_values(*plugin, settings));
            if (resolution.problems.empty()) all.push_back({plugin, resolution.spec, name + " " + settings});
            else BOOST_TEST(resolution.problems[0].message.starts_with("optimizer '" + name + "': "), resolution.problems[0].message);
        };
        for (const Parameter& parameter : plugin->description.schema) {
            if (parameter.type == ValueType::flag) add(parameter.name + "=true");
            for (const std::string& word : parameter.words) add(parameter.name + "=" + word);
        }
    }
    return all;
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

struct Landscape {
    const char* name;
    std::vector<float> start;
    std::function<double(double, double)> value;
    std::function<std::pair<double, double>(double, double)> gradient;
};

const std::vector<Landscape>& landscapes() {
    static const std::vector<Landscape> all{
        {"sphere", {3, -2}, [](double x, double y) { return x * x + y * y; }, [](double x, double y) { return std::pair{2 * x, 2 * y}; }},
        {"booth", {-4, 4}, [](double x, double y) { return std::pow(x + 2 * y - 7, 2) + std::pow(2 * x + y - 5, 2); },
         [](double x, double y) { return std::pair{10 * x + 8 * y - 34, 8 * x + 10 * y - 38}; }},
        {"rosenbrock", {-1.2f, 1}, [](double x, double y) { return std::pow(1 - x, 2) + 100 * std::pow(y - x * x, 2); },
         [](double x, double y) { return std::pair{-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)}; }}};
    return all;
}

/// The value after 1000 updates over that at the start.
double descent(const Configured& c, const Landscape& landscape, double rate) {
    SteppedOptimizer optimizer(*c.plugin, c.spec, landscape.start);
    std::vector<float> w = landscape.start;
    for (std::uint64_t update = 0; update < 1000; ++update) {
        const auto [dx, dy] = landscape.gradient(w[0], w[1]);
        optimizer.step(update, rate, std::vector<float>{static_cast<float>(dx), static_cast<float>(dy)});
        w = optimizer.weights();
    }
    return landscape.value(w[0], w[1]) / landscape.value(landscape.start[0], landscape.start[1]);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(optimizer_conformance)

BOOST_AUTO_TEST_CASE(all_shipped_files_are_accepted) {
    Registry registry = shipped_plugins();
    for (const RejectedFile& file : registry.rejected()) BOOST_ERROR(file.file << ": " << file.reason);
    BOOST_TEST(registry.all(PluginKind::optimizer).size() >= 6);
    BOOST_TEST(registry.all(PluginKind::schedule).size() >= 12);
}

BOOST_AUTO_TEST_CASE(schemas_say_what_is_meant) {
    Registry registry = shipped_plugins();
    for (const PluginKind kind : {PluginKind::optimizer, PluginKind::schedule})
        for (const Plugin* plugin : registry.all(kind)) {
            const std::string& name = plugin->description.name;
            BOOST_TEST(name == plugin->file.stem().string());
            BOOST_TEST(plugin->description.summary.ends_with('.'), name);
            BOOST_TEST(plugin->description.summary.size() <= 100, name);
            for (const Parameter& parameter : plugin->description.schema) {
                BOOST_TEST(parameter.doc.ends_with('.'), name << "." << parameter.name << ": " << parameter.doc);
                BOOST_TEST(parameter.doc.size() >= 10, name << "." << parameter.name);
                if (parameter.required || !parameter.relative_to.empty()) continue;
                if (const auto problem = range_problem(parameter, parameter.fallback)) BOOST_ERROR(name << ": " << *problem);
            }
            if (kind == PluginKind::optimizer) BOOST_TEST(plugin->lr > 0, name);
        }
}

BOOST_AUTO_TEST_CASE(a_rate_of_0_leaves_the_weights_alone) {
    Registry registry = shipped_plugins();
    for (const Configured& c : configurations(registry)) {
        SteppedOptimizer optimizer(*c.plugin, c.spec, noise(1));
        for (std::uint64_t update = 0; update < 3; ++update) optimizer.step(update, 0.0, noise(update + 100));
        BOOST_TEST(optimizer.weights() == noise(1), c.label);
    }
}

BOOST_AUTO_TEST_CASE(the_same_run_gives_the_same_bits_and_another_gradient_other_ones) {
    Registry registry = shipped_plugins();
    for (const Configured& c : configurations(registry)) {
        BOOST_TEST((state_after(c, 20) == state_after(c, 20)), c.label);
        SteppedOptimizer other(*c.plugin, c.spec, noise(1));
        run(other, c.spec, 0, 19);
        other.step(19, c.spec.lr, noise(7));
        BOOST_TEST((state_after(c, 20) != other.state()), c.label);
    }
}

BOOST_AUTO_TEST_CASE(a_state_taken_over_at_update_10_leads_to_the_same_bits_at_20) {
    Registry registry = shipped_plugins();
    for (const Configured& c : configurations(registry)) {
        SteppedOptimizer first(*c.plugin, c.spec, noise(1)), second(*c.plugin, c.spec, noise(2));
        run(first, c.spec, 0, 10);
        second.restore(first);
        run(second, c.spec, 10, 20);
        BOOST_TEST((second.state() == state_after(c, 20)), c.label);
    }
}

BOOST_AUTO_TEST_CASE(an_elementwise_optimizer_may_be_stepped_in_parts) {
    Registry registry = shipped_plugins();
    std::size_t checked = 0;
    for (const Configured& c : configurations(registry)) {
        if (!c.plugin->elementwise) continue;
        BOOST_TEST((state_after(c, 20, ETUDE_BASE, {1, 17, 32}) == state_after(c, 20)), c.label);
        ++checked;
    }
    BOOST_TEST(checked > 0);
}

BOOST_AUTO_TEST_CASE(every_instruction_set_gives_the_same_bits) {
    Registry registry = shipped_plugins();
    const std::vector<etude_isa> sets = runnable_sets();
    for (const Configured& c : configurations(registry)) {
        const std::string expected = state_after(c, 50);
        for (const etude_isa isa : sets) BOOST_TEST((state_after(c, 50, isa) == expected), c.label << " in set " << isa);
    }
}

BOOST_AUTO_TEST_CASE(nothing_is_written_outside_the_buffers) {
    Registry registry = shipped_plugins();
    for (const Configured& c : configurations(registry))
        for (const etude_isa isa : runnable_sets())
            for (const std::size_t size : {std::size_t{1}, std::size_t{15}, std::size_t{64}, count}) {
                SteppedOptimizer optimizer(*c.plugin, c.spec, noise(1, size));
                for (std::uint64_t update = 0; update < 3; ++update) optimizer.step(update, c.spec.lr, noise(update, size), isa);
                BOOST_TEST(optimizer.walls_stand(), c.label << ", " << size << " weights, set " << isa);
            }
}

BOOST_AUTO_TEST_CASE(a_broken_gradient_spoils_its_own_weight_alone) {
    Registry registry = shipped_plugins();
    for (const Configured& c : configurations(registry)) {
        for (const float broken : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
            SteppedOptimizer sound(*c.plugin, c.spec, noise(1)), spoilt(*c.plugin, c.spec, noise(1));
            for (std::uint64_t update = 0; update < 5; ++update) {
                std::vector<float> gradient = noise(update);
                sound.step(update, c.spec.lr, gradient);
                gradient[3] = broken;
                spoilt.step(update, c.spec.lr, gradient);
            }
            BOOST_TEST(spoilt.walls_stand(), c.label);
            if (!c.plugin->elementwise) continue;
            std::vector<float> expected = sound.weights(), got = spoilt.weights();
            if (std::isnan(broken)) BOOST_TEST(std::isnan(got[3]), c.label);
            expected[3] = got[3] = 0;
            BOOST_TEST(got == expected, c.label);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_optimizer_descends) {
    Registry registry = shipped_plugins();
    for (const Configured& c : configurations(registry)) {
        if (c.label.find("weight_decay=0.5") != std::string::npos) continue;  // so strong a pull moves the minimum
        for (const Landscape& landscape : landscapes()) {
            double best = std::numeric_limits<double>::infinity();
            for (const double rate : {1.0, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6}) best = std::fmin(best, descent(c, landscape, rate));
            BOOST_TEST(best < 0.3, c.label << " on " << landscape.name << " keeps " << best << " of the value it began with");
        }
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused_in_the_plugins_own_words) {
    struct Case { const char *optimizer, *settings, *message; };
    Registry registry = shipped_plugins();
    for (const Case& c : std::vector<Case>{
             {"sgd", "dampening=0.1;momentum_form=velocity", "optimizer 'sgd': dampening belongs to momentum_form: buffer"},
             {"sgd", "dampening=0.1;momentum=0.9;nesterov=true", "optimizer 'sgd': nesterov needs dampening: 0"},
             {"sgd", "momentum=1", "momentum = 1 is outside [0, 1)"},
             {"adam", "beta2=1.5", "beta2 = 1.5 is outside [0, 1)"},
             {"adam", "eps=-1e-8", "eps = -1e-8 is outside [0, 1]"},
             {"adagrad", "accumulator=-1", "accumulator = -1 is outside [0, inf)"},
             {"rmsprop", "weight_decay=-0.1", "weight_decay = -0.1 is outside [0, inf)"}}) {
        const Plugin& plugin = registry.require(PluginKind::optimizer, c.optimizer);
        const Resolution<OptimizerSpec> resolution = resolve_optimizer(plugin, "", std::nullopt, given_values(plugin, c.settings));
        BOOST_REQUIRE_EQUAL(resolution.problems.size(), 1);
        BOOST_TEST(resolution.problems[0].message == c.message);
    }
}

BOOST_AUTO_TEST_SUITE_END()
