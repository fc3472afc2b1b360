// What the catalogue's optimizers promise beside their numbers: tensors of any shape, parts, instruction sets, noise, zeros, refusals.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <set>

#include "plugin/table.hpp"
#include "plugins/harness.hpp"

using namespace etude;
using namespace etude::test;

namespace {

using Shape = std::vector<std::size_t>;

std::vector<etude_tensor> tensors_of(const std::vector<Shape>& shapes) {
    std::vector<etude_tensor> tensors;
    std::size_t offset = 0;
    for (const Shape& shape : shapes) {
        etude_tensor t{.offset = offset, .count = 1, .dims = {1, 1, 1, 1, 1}, .rank = static_cast<std::uint32_t>(shape.size()),
                       .role = shape.size() > 1 ? ETUDE_WEIGHT : ETUDE_BIAS, .groups = 1, .reserved = 0};
        for (std::size_t i = 0; i < shape.size(); ++i) t.count *= t.dims[i] = shape[i];
        offset += t.count;
        tensors.push_back(t);
    }
    return tensors;
}

/// Numbers in [-1, 1), the same on every machine.
std::vector<float> noise(std::uint64_t seed, std::size_t size) {
    std::vector<float> values(size);
    std::uint64_t x = seed * 0x9E3779B97F4A7C15u + 1;
    for (float& value : values) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        value = static_cast<float>(static_cast<std::int64_t>(x) >> 40) / 8388608.0f;
    }
    return values;
}

/// An optimizer over tensors, one call for `group` of them at a time (0: all at once), with walls around its buffers.
class Net {
  public:
    Net(const Plugin& plugin, std::string_view settings, const std::vector<Shape>& shapes, std::optional<double> lr = std::nullopt)
        : spec_(optimizer_spec(plugin, "", lr, settings)), functions_(read_optimizer(read_table(plugin.table))),
          configuration_(plugin, spec_.values, TimeScale{}), tensors_(tensors_of(shapes)), count_(tensors_.back().offset + tensors_.back().count),
          weights_(count_), scalars_(initial_scalars(read_table(plugin.table))) {
        std::ranges::copy(noise(1, count_), weights_.data());
        for (std::size_t k = 0; k < plugin.slots.size(); ++k) slots_.emplace_back(count_);
    }
    Net(const Net&) = delete;
    Net& operator=(const Net&) = delete;

    struct How { etude_isa isa = ETUDE_BASE; std::size_t group = 0; std::uint64_t seed = 5; double loss = 1; };
    void step(std::uint64_t update, const std::vector<float>& gradients, How how) {
        const std::vector<double> before = scalars_;
        const std::size_t group = how.group == 0 ? tensors_.size() : how.group;
        for (std::size_t from = 0; from < tensors_.size(); from += group) {
            const std::size_t to = std::min(from + group, tensors_.size()), first = tensors_[from].offset;
            std::vector<double> scalars = before;
            std::vector<float*> slots;
            for (GuardedFloats& slot : slots_) slots.push_back(slot.data() + first);
            etude_step s{};
            s.size = sizeof s, s.index = update, s.total = 100, s.per_epoch = 10, s.lr = s.base_lr = spec_.lr, s.loss = how.loss, s.seed = how.seed;
            s.samples = 320, s.batch = 32, s.first = first, s.n = tensors_[to - 1].offset + tensors_[to - 1].count - first;
            s.weights = weights_.data() + first, s.gradients = gradients.data() + first, s.slots = slots.data(), s.scalars = scalars.data();
            s.tensors = tensors_.data() + from, s.n_tensors = to - from, s.tensor_size = sizeof(etude_tensor);
            etude_error error{sizeof error, {}};
            BOOST_REQUIRE_MESSAGE(functions_.step[how.isa](configuration_.self(), &s, &error) == 0, spec_.name << ": " << error.message);
            if (from == 0) scalars_ = scalars;
        }
    }
    Net& run(std::uint64_t updates, How how) {
        for (std::uint64_t update = 0; update < updates; ++update) step(update, noise(update + 100, count_), how);
        return *this;
    }
    std::vector<float> weights() { return {weights_.data(), weights_.data() + count_}; }
    const std::vector<double>& scalars() const { return scalars_; }
    std::size_t count() const { return count_; }
    bool walls_stand() const { return weights_.walls_stand() && std::ranges::all_of(slots_, &GuardedFloats::walls_stand); }

  private:
    const OptimizerSpec spec_;
    const etude_optimizer functions_;
    const PluginConfiguration configuration_;
    const std::vector<etude_tensor> tensors_;
    const std::size_t count_;
    GuardedFloats weights_;
    std::vector<GuardedFloats> slots_;
    std::vector<double> scalars_;
};

const std::vector<Shape> shapes{{5, 3}, {5}, {33, 65}, {1, 9}, {9, 1}, {4, 2, 3, 3}, {1}, {70, 20}, {1, 1}};

bool finite(const std::vector<float>& values) { return std::ranges::all_of(values, [](float v) { return std::isfinite(v); }); }

const std::vector<const char*> by_tensor{"lamb", "lars", "novograd", "adamp", "adafactor", "sm3", "muon"};

}  // namespace

BOOST_AUTO_TEST_SUITE(catalogue_optimizers_behaviour)

BOOST_AUTO_TEST_CASE(the_tables_have_every_optimizer_and_each_of_its_presets) {
    Registry registry = shipped_plugins();
    std::set<std::string> recorded;
    for (const char* name : {"optimizers.csv", "catalogue_optimizers.csv"}) {
        const Table table = read_table_file(name);
        for (std::size_t row = 0; row < table.rows.size(); ++row) {
            recorded.insert(table.at(row, "optimizer"));
            recorded.insert(table.at(row, "optimizer") + " " + table.at(row, "preset"));
        }
    }
    const std::set<std::string> noisy{"sgld mxnet", "sgld paper"};  // compared without noise and by their moments
    for (const Plugin* plugin : registry.all(PluginKind::optimizer)) {
        if (plugin->probes) continue;  // compared on a function, where they can look around: tests/wrappers
        BOOST_TEST(recorded.contains(plugin->description.name), plugin->description.name);
        for (const PresetInfo& preset : plugin->presets) {
            const std::string label = plugin->description.name + " " + preset.name;
            BOOST_TEST((recorded.contains(label) || noisy.contains(label)), label);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_instruction_set_gives_the_same_bits_on_matrices) {
    Registry registry = shipped_plugins();
    for (const Plugin* plugin : registry.all(PluginKind::optimizer)) {
        const std::vector<float> expected = Net(*plugin, "", shapes).run(12, {}).weights();
        BOOST_TEST(finite(expected), plugin->description.name);
        for (const etude_isa isa : runnable_sets()) {
            Net net(*plugin, "", shapes);
            net.run(12, {.isa = isa});
            BOOST_TEST((net.weights() == expected), plugin->description.name << " in set " << isa);
            BOOST_TEST(net.walls_stand(), plugin->description.name << " in set " << isa);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_does_not_sum_over_all_weights_may_be_stepped_tensor_by_tensor) {
    Registry registry = shipped_plugins();
    for (const Plugin* plugin : registry.all(PluginKind::optimizer)) {
        if ((read_optimizer(read_table(plugin->table)).flags & ETUDE_GLOBAL) != 0) continue;
        const std::vector<float> expected = Net(*plugin, "", shapes).run(12, {}).weights();
        for (const std::size_t group : {1u, 2u, 4u})
            BOOST_TEST((Net(*plugin, "", shapes).run(12, {.group = group}).weights() == expected), plugin->description.name << " by " << group);
    }
}

BOOST_AUTO_TEST_CASE(tensors_without_gradient_or_without_weight_stay_finite) {
    Registry registry = shipped_plugins();
    for (const Plugin* plugin : registry.all(PluginKind::optimizer)) {
        Net net(*plugin, "", shapes);
        std::vector<float> gradients = noise(3, net.count());
        std::fill_n(gradients.begin(), 15 + 5, 0.0f);  // the first matrix and vector never have one
        for (std::uint64_t update = 0; update < 8; ++update)
            net.step(update, update % 3 == 1 ? gradients : std::vector<float>(net.count(), 0.0f), {});
        BOOST_TEST(finite(net.weights()), plugin->description.name);
    }
}

BOOST_AUTO_TEST_CASE(a_weight_that_never_had_a_gradient_stays_where_it_is_also_without_eps) {
    Registry registry = shipped_plugins();
    for (const char* name : {"amsgrad", "nadam", "nadamw", "radam", "adamax", "adabelief", "adan", "laprop", "ademamix", "adopt", "qhadam", "yogi",
                             "lamb", "novograd", "adamp", "muon", "sm3", "madgrad", "schedule_free_adamw", "prodigy", "dadapt_adam",
                             "adam_hd", "lars"}) {
        const Plugin& plugin = registry.require(PluginKind::optimizer, name);
        const bool decays = find_parameter(plugin.description.schema, "weight_decay") != nullptr;
        Net net(plugin, decays ? "eps=0;weight_decay=0" : "eps=0", {{4}});
        const float start = net.weights()[2];
        for (std::uint64_t update = 0; update < 5; ++update) net.step(update, {0.5f, -0.25f, 0.0f, 1.0f}, {});
        BOOST_TEST(net.weights()[2] == start, name);
        BOOST_TEST(finite(net.weights()), name);
    }
}

BOOST_AUTO_TEST_CASE(a_broken_gradient_is_seen_in_the_weights_of_its_tensor) {
    Registry registry = shipped_plugins();
    for (const char* name : by_tensor) {
        Net net(registry.require(PluginKind::optimizer, name), "", {{6, 4}, {5}});
        std::vector<float> gradients = noise(2, net.count());
        gradients[7] = std::numeric_limits<float>::quiet_NaN();
        for (std::uint64_t update = 0; update < 3; ++update) net.step(update, gradients, {});
        const std::vector<float> weights = net.weights();
        BOOST_TEST(std::isnan(weights[7]), name);
        BOOST_TEST(finite({weights.begin() + 24, weights.end()}), name);
    }
}

BOOST_AUTO_TEST_CASE(muon_makes_a_step_of_equal_singular_values) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::optimizer, "muon");
    Net net(plugin, "weight_decay=0;momentum=0", {{2, 2}}, 1.0);
    const std::vector<float> before = net.weights();
    net.step(0, {3, 0, 0, 1}, {});  // singular values 3 and 1, along the axes
    const std::vector<float> after = net.weights();
    BOOST_TEST(after[1] == before[1]);
    BOOST_TEST(after[2] == before[2]);
    for (const std::size_t i : {0u, 3u}) {
        const double step = double(before[i]) - double(after[i]);
        BOOST_TEST((step > 0.68 && step < 1.21), "a singular value of " << step);
    }
}

BOOST_AUTO_TEST_CASE(the_noise_of_sgld_has_its_variance_and_depends_on_seed_and_update) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::optimizer, "sgld");
    constexpr std::size_t count = 40'000;
    const auto steps = [&](std::uint64_t seed, std::uint64_t update) {
        Net net(plugin, "temperature=4", {{count}}, 0.01);
        const std::vector<float> before = net.weights();
        net.step(update, std::vector<float>(count, 0.0f), {.seed = seed});
        std::vector<float> moved = net.weights();
        for (std::size_t i = 0; i < count; ++i) moved[i] -= before[i];
        return moved;
    };
    const auto product = [](const std::vector<float>& a, const std::vector<float>& b) {
        double sum = 0;
        for (std::size_t i = 0; i < count; ++i) sum += double(a[i]) * b[i];
        return sum / count / 0.04;  // temperature x rate
    };
    const std::vector<float> one = steps(1, 0);
    double mean = 0;
    for (const float v : one) mean += v / 0.2 / count;
    BOOST_TEST(std::abs(mean) < 4 / std::sqrt(double(count)));
    BOOST_TEST(std::abs(product(one, one) - 1) < 4 * std::sqrt(2.0 / count));
    BOOST_TEST(std::abs(product(one, steps(1, 1))) < 4 / std::sqrt(double(count)));
    BOOST_TEST(std::abs(product(one, steps(2, 0))) < 4 / std::sqrt(double(count)));
    BOOST_TEST((one == steps(1, 0)));
}

BOOST_AUTO_TEST_CASE(adopt_makes_no_step_at_its_first_update) {
    Registry registry = shipped_plugins();
    Net net(registry.require(PluginKind::optimizer, "adopt"), "weight_decay=0.5;weight_decay_form=decoupled", {{4}});
    net.step(0, {1, 2, 3, 4}, {});
    BOOST_TEST(net.weights() == noise(1, 4));
    net.step(1, {1, 2, 3, 4}, {});
    BOOST_TEST(net.weights() != noise(1, 4));
}

BOOST_AUTO_TEST_CASE(ftrl_makes_weights_exactly_0_by_l1) {
    Registry registry = shipped_plugins();
    Net net(registry.require(PluginKind::optimizer, "ftrl"), "l1=50;start=zero", {{40}});
    net.run(5, {});
    BOOST_TEST(std::ranges::count(net.weights(), 0.0f) == 40);
}

BOOST_AUTO_TEST_CASE(the_estimate_of_the_distance_waits_for_a_gradient) {
    Registry registry = shipped_plugins();
    for (const char* name : {"prodigy", "dadapt_sgd", "dadapt_adam"}) {
        Net net(registry.require(PluginKind::optimizer, name), "d0=0.25", {{3}});
        const std::vector<float> start = net.weights();
        for (std::uint64_t update = 0; update < 3; ++update) net.step(update, {0, 0, 0}, {});
        BOOST_TEST(net.weights() == start, name);
        BOOST_TEST(std::ranges::count(net.scalars(), 0.25) >= 1, name);
        net.step(3, {1, 0, -1}, {});
        BOOST_TEST(net.weights()[0] < start[0], name);
        BOOST_TEST(net.weights()[1] == start[1], name);
    }
}

BOOST_AUTO_TEST_CASE(polyak_goes_to_the_least_loss_and_no_further) {
    Registry registry = shipped_plugins();
    const Plugin& plugin = registry.require(PluginKind::optimizer, "polyak_sgd");
    Net net(plugin, "c=1;eps=0;f_star=1", {{2}}, 100.0);
    std::vector<float> before = net.weights();
    net.step(0, {3, 4}, {.loss = 6});  // (6 - 1) / 25 = .2
    BOOST_TEST(net.weights()[0] == before[0] - 0.2f * 3);
    before = net.weights();
    net.step(1, {3, 4}, {.loss = 0.5});  // below f_star
    BOOST_TEST(net.weights() == before);
    net.step(2, {3, 4}, {.loss = std::nan("")});
    BOOST_TEST(std::isnan(net.weights()[0]));
}

BOOST_AUTO_TEST_CASE(a_learned_rate_stays_between_its_bounds) {
    Registry registry = shipped_plugins();
    for (const char* name : {"sgd_hd", "adam_hd"})
        for (const double sign : {1.0, -1.0}) {
            Net net(registry.require(PluginKind::optimizer, name), "beta=10;rate_min=0.001;rate_max=0.02", {{3}}, 0.01);
            for (std::uint64_t update = 0; update < 4; ++update) {
                const float g = update % 2 == 0 ? 1.0f : static_cast<float>(sign);
                net.step(update, {g, g, g}, {});
            }
            BOOST_TEST(net.scalars().back() == (sign > 0 ? 0.02 : 0.001), name);
        }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_refused_in_the_plugins_own_words) {
    struct Case { const char *optimizer, *settings, *message; };
    Registry registry = shipped_plugins();
    for (const Case& c : std::vector<Case>{
             {"amsgrad", "eps_place=hat;correction=none",
              "optimizer 'amsgrad': eps_place: hat stands before the bias correction, and correction: none has none"},
             {"lamb", "norm_min=2;norm_max=1", "optimizer 'lamb': norm_min must not be above norm_max"},
             {"rprop", "step_min=2;step_max=1", "optimizer 'rprop': step_min must not be above step_max"},
             {"sgd_hd", "rate_min=2;rate_max=1", "optimizer 'sgd_hd': rate_min must not be above rate_max"},
             {"adam_hd", "rate_min=2;rate_max=1", "optimizer 'adam_hd': rate_min must not be above rate_max"},
             {"radam", "threshold=3", "threshold = 3 is outside [4, inf)"},
             {"rprop", "eta_plus=1", "eta_plus = 1 is outside (1, inf)"},
             {"schedule_free_sgd", "beta1=0", "beta1 = 0 is outside (0, 1)"},
             {"adafactor", "factor_from=1", "factor_from = 1 is outside [2, inf)"},
             {"prodigy", "growth_rate=1", "growth_rate = 1 is outside (1, inf)"}}) {
        const Plugin& plugin = registry.require(PluginKind::optimizer, c.optimizer);
        const Resolution<OptimizerSpec> resolution = resolve_optimizer(plugin, "", std::nullopt, given_values(plugin, c.settings));
        BOOST_REQUIRE_EQUAL(resolution.problems.size(), 1);
        BOOST_TEST(resolution.problems[0].message == c.message);
    }
}

BOOST_AUTO_TEST_SUITE_END()
