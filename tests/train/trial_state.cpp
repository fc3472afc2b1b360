// A trial cut into parts has the bits of one that ran through, whatever it remembers from epoch to epoch.
#include "train/trial_state.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <future>

#include "support/trials.hpp"
#include "wrappers/kinds.hpp"

namespace tt = boost::test_tools;
using namespace etude;
using namespace etude::test;

namespace {

constexpr std::uint64_t epochs = 7;

struct Fixture : WithPlugins {
    TrialSpec trial(double lr = 0.05) {
        TrialSpec trial = blobs_trial(registry, 120, epochs, lr);  // updates of 32 and 28 samples
        trial.seed = 5;
        trial.record_lr_per_update = true;
        return trial;
    }

    std::optional<TrialOutcome> run_part(const TrialSpec& trial, const TrialPart& part) {
        const auto data = load_dataset(trial.data, {});
        const TrialContext context{.optimizer = registry.require(PluginKind::optimizer, trial.optimizer.name),
                                   .schedule = schedule_plugins(registry, trial), .data = *data};
        return etude::run_part(trial, context, part);
    }

    TrialState state_after(const TrialSpec& trial, std::uint64_t epoch, const TrialState* from = nullptr) {
        std::optional<TrialOutcome> outcome = run_part(trial, {.from = from, .until = epoch});
        BOOST_TEST_REQUIRE(std::holds_alternative<TrialState>(*outcome), "the trial ended before epoch " << epoch);
        return std::get<TrialState>(std::move(*outcome));
    }

    /// In three parts, each on a thread of its own, through bytes between them.
    Record in_parts(const TrialSpec& trial) {
        const auto elsewhere = [](auto&& work) { return std::async(std::launch::async, work).get(); };
        std::string bytes = elsewhere([&] { return bytes_of(state_after(trial, 2)); });
        bytes = elsewhere([&] {
            const TrialState state = trial_state_of(bytes);
            return bytes_of(state_after(trial, 5, &state));
        });
        return elsewhere([&] {
            const TrialState state = trial_state_of(bytes);
            return std::get<Record>(*run_part(trial, {.from = &state}));
        });
    }

    void check(const std::string& name, const TrialSpec& trial) {
        BOOST_TEST_CONTEXT(name) {
            const Record whole = run(trial, registry);
            BOOST_TEST_REQUIRE((whole.status == Status::completed), whole.message);
            const Record parts = in_parts(trial);
            BOOST_TEST((parts.status == Status::completed));
            BOOST_TEST_REQUIRE(parts.curves.size() == whole.curves.size());
            for (std::size_t i = 0; i < whole.curves.size(); ++i) {
                BOOST_TEST(parts.curves[i].metric == whole.curves[i].metric);
                BOOST_TEST(parts.curves[i].values == whole.curves[i].values, tt::per_element());
                BOOST_TEST(parts.curves[i].final == whole.curves[i].final);
            }
            BOOST_TEST(parts.epoch_lr == whole.epoch_lr, tt::per_element());
            BOOST_TEST(parts.update_lr == whole.update_lr, tt::per_element());
            BOOST_TEST(parts.last_lr == whole.last_lr);
            BOOST_TEST((parts.counts_as == whole.counts_as));
            BOOST_TEST(parts.epochs == whole.epochs);
            BOOST_TEST(parts.updates == whole.updates);
            BOOST_TEST_REQUIRE(parts.decision.has_value() == whole.decision.has_value());
            if (whole.decision) BOOST_TEST((parts.decision->classes == whole.decision->classes));
        }
    }

    ScheduleSpec watching(ScheduleSpec spec) {
        spec.monitor = MonitorSpec{.metric = "test_loss"};
        return spec;
    }
    ScheduleSpec plateau(double lr) {
        return schedule(
            registry, "plateau", lr,
            {{"patience", std::int64_t{1}}, {"factor", 0.5}, {"cooldown", std::int64_t{1}}, {"margin_abs", 0.3}, {"margin_rel", 0.0}, {"eps", 0.0}});
    }
    ScheduleSpec combined(Combination how, std::vector<ScheduleSpec> children) {
        ScheduleSpec spec;
        spec.combination = how;
        spec.name = word(how);
        spec.children = std::move(children);
        return spec;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(train_trial_state, Fixture)

BOOST_AUTO_TEST_CASE(every_optimizer_continues_with_the_same_bits) {
    for (const Plugin* plugin : registry.all(PluginKind::optimizer)) {
        TrialSpec one = trial(0.01);
        one.optimizer = optimizer(registry, plugin->description.name, 0.01);
        check(plugin->description.name, one);
    }
}

BOOST_AUTO_TEST_CASE(every_wrapper_continues_with_the_same_bits) {
    for (const Kind& kind : wrapper_kinds()) {
        TrialSpec one = trial();
        one.optimizer = optimizer(registry, "adam", 0.05);
        one.optimizer.wrappers = {component(kind)};
        if (kind.name == "lookahead") one.optimizer.wrappers.front().values.set("k", std::int64_t{3});  // no multiple of an epoch's updates
        check(kind.name, one);
    }
    TrialSpec both = trial();
    both.optimizer.wrappers = {component(*find_wrapper_kind("lookahead"), {{"k", std::int64_t{5}}}),
                               component(*find_wrapper_kind("swa"), {{"start", Duration{3, TimeUnit::epochs}}})};
    both.optimizer.clip = Clip{.kind = Clip::Kind::norm, .limit = 0.5};
    check("lookahead, swa from epoch 3 on, clip", both);
}

BOOST_AUTO_TEST_CASE(a_growing_batch_continues_with_the_same_bits) {
    TrialSpec one = trial();
    one.train.batch = 8;
    one.batch_schedule = schedule(registry, "step", 8, {{"size", Duration{2, TimeUnit::ticks}}, {"gamma", 2.0}});
    one.batch_schedule->unit = ScheduleUnit::epoch;
    one.schedule = schedule(registry, "cosine", 0.05);
    one.schedule.unit = ScheduleUnit::epoch_frac;
    one.optimizer.wrappers = {
        component(*find_wrapper_kind("swa"), {{"start", Duration{3, TimeUnit::epochs}}, {"every", Duration{1, TimeUnit::epochs}}})};
    check("8, 16, 32, 64", one);
}

BOOST_AUTO_TEST_CASE(instruments_continue_with_the_same_bits) {
    TrialSpec one = trial();
    one.instruments = {.norms = true, .curvature = true, .landscape = LandscapeSpec{1, 5, 1}, .samples = 64};
    check("norms, curvature, landscape", one);
    BOOST_TEST((in_parts(one).landscape->losses == run(one, registry).landscape->losses));
}

BOOST_AUTO_TEST_CASE(every_schedule_with_defaults_continues_with_the_same_bits) {
    std::size_t checked = 0;
    for (const Plugin* plugin : registry.all(PluginKind::schedule)) {
        const std::string& name = plugin->description.name;
        std::vector<GivenValue> given;
        if (name == "greedy") given = {{"max", 1.0}, {"patience", std::int64_t{1}}};
        if (name == "slope_test") given = {{"threshold", std::int64_t{2}}};
        const auto resolution = resolve_schedule(*plugin, "", 0.05, {}, given);
        if (!resolution.problems.empty()) {  // one that needs a parameter: such have no memory
            BOOST_TEST(!plugin->observes, name);
            continue;
        }
        TrialSpec one = trial();
        one.schedule = resolution.spec;
        if (plugin->observes) one.schedule = watching(one.schedule);
        check(name, one);
        ++checked;
    }
    BOOST_TEST(checked > 10u);
}

BOOST_AUTO_TEST_CASE(schedules_around_schedules_continue_with_the_same_bits) {
    TrialSpec one = trial();
    one.schedule = watching(plateau(0.05));
    check("plateau", one);
    BOOST_TEST(run(one, registry).last_lr < 0.05);  // it has cut
    one.schedule.monitor->every_updates = 3;
    check("plateau every three updates", one);
    one.schedule.monitor->every_updates = 0;
    one.schedule.shaping.quantize = Duration{3, TimeUnit::updates};
    check("plateau held for three updates", one);
    one.schedule.shaping = {};
    one.schedule.warmup = WarmupSpec{.length = Duration{5, TimeUnit::updates}};
    check("plateau behind a warm-up", one);

    one.schedule = schedule(registry, "cosine", 0.05);
    one.schedule.warmup = WarmupSpec{.length = Duration{3, TimeUnit::epochs}};
    check("cosine behind a warm-up", one);

    ScheduleSpec first = plateau(0.05), second = schedule(registry, "cosine", 0.05);
    first.lasts = Duration{5, TimeUnit::updates};
    one.schedule = watching(combined(Combination::sequence, {first, second}));
    one.schedule.continuous = true;
    check("a plateau, then a cosine from where it ended", one);

    one.schedule = watching(
        combined(Combination::product, {plateau(0.05), schedule(registry, "step", 0.05, {{"size", Duration{3, TimeUnit::ticks}}})}));
    check("plateau times step", one);

    ScheduleSpec until = schedule(registry, "constant", 0.05);
    until.until =
        Condition{.kind = Condition::Kind::no_improvement_for, .metric = "test_loss", .patience = Duration{3, TimeUnit::updates}, .margin = 10};
    for (const bool continuous : {false, true}) {
        one.schedule = watching(combined(Combination::switch_when, {until, plateau(0.05)}));
        one.schedule.continuous = continuous;
        check(continuous ? "a continuous switch_when" : "a switch_when", one);
    }
}

BOOST_AUTO_TEST_CASE(scheduled_parameters_groups_and_layers_with_memory_continue_with_the_same_bits) {
    TrialSpec one = trial();
    one.model = {dense(8), component(*find_layer_kind("batch_norm")), component(*find_layer_kind("dropout"), {{"rate", 0.4}}), dense(3)};
    one.optimizer = optimizer(registry, "sgd", 0.05, {{"momentum", 0.9}});
    one.schedules = {{.parameter = "momentum", .schedule = watching(plateau(0.9))}};
    one.groups = {{.match = {"0.dense"}, .lr_scale = 0.5}, {.layers = {3}, .lr_scale = 2}};
    check("sgd with a momentum that falls", one);
    one.optimizer = optimizer(registry, "schedule_free_adamw", 0.05);
    one.schedules = {{.parameter = "beta1", .schedule = schedule(registry, "linear", 0.9, {{"end", 0.5}})}};
    check("schedule_free_adamw with a beta1 that falls", one);
    one.optimizer = optimizer(registry, "adam", 0.05);
    one.schedules = {};
    one.data.values.set("validation", 0.2);
    check("with a validation part", one);
    one.instruments = {.norms = true, .curvature = true};
    check("with norms and curvature", one);
}

BOOST_AUTO_TEST_CASE(a_divergence_in_a_later_part_is_the_same_outcome) {
    TrialSpec one = trial(0.5);
    one.schedule = schedule(registry, "multi_step", 0.5,
                            {{"milestones", std::vector<Duration>{{8, TimeUnit::updates}}}, {"gamma", std::vector<double>{1e30}}});
    const Record whole = run(one, registry);
    const TrialState state = state_after(one, 3);
    const Record later = std::get<Record>(*run_part(one, {.from = &state}));
    BOOST_TEST((later.status == Status::diverged));
    BOOST_TEST_REQUIRE(later.diverged_at.has_value());
    BOOST_TEST(*later.diverged_at == whole.diverged_at.value());
    BOOST_TEST((later.counts_as == whole.counts_as));
}

BOOST_AUTO_TEST_CASE(a_part_to_the_last_epoch_is_the_whole_trial) {
    const TrialSpec one = trial();
    BOOST_TEST(std::holds_alternative<Record>(*run_part(one, {.until = epochs})));
    BOOST_TEST(std::holds_alternative<Record>(*run_part(one, {.until = epochs + 5})));
    BOOST_TEST(std::get<TrialState>(*run_part(one, {.until = epochs - 1})).record.curves.front().values.size() == epochs - 1);
}

BOOST_AUTO_TEST_CASE(states_are_saved_on_the_way_but_not_at_the_end) {
    const TrialSpec one = trial();
    std::vector<std::uint64_t> saved;
    const auto keep = [&](const TrialState& state) { saved.push_back(state.record.epochs); };
    run_part(one, {.save_every = 2, .save = keep});
    BOOST_TEST(saved == (std::vector<std::uint64_t>{2, 4, 6}), tt::per_element());
    saved.clear();
    const TrialState three = state_after(one, 3);
    run_part(one, {.from = &three, .until = 6, .save_every = 2, .save = keep});
    BOOST_TEST(saved == std::vector<std::uint64_t>{4}, tt::per_element());
    BOOST_CHECK_THROW(run_part(one, {.save_every = 1, .save = [](const TrialState&) { throw Error("disk full"); }}), Error);
}

BOOST_AUTO_TEST_CASE(the_seconds_of_all_parts_add_up) {
    const TrialSpec one = trial();
    TrialState state = state_after(one, 3);
    state.record.wall_seconds = 1000;
    BOOST_TEST(std::get<Record>(*run_part(one, {.from = &state})).wall_seconds >= 1000);
}

BOOST_AUTO_TEST_CASE(the_state_of_another_trial_is_refused) {
    const TrialSpec one = trial();
    const TrialState state = state_after(one, 2);
    const auto reason = [&](const TrialSpec& other) {
        try {
            run_part(other, {.from = &state});
        } catch (const StateMismatch& mismatch) {
            return std::string(mismatch.what());
        }
        return std::string("taken");
    };
    BOOST_TEST(reason(one) == "taken");
    TrialSpec other = one;
    other.model = {dense(9, "relu"), dense(3)};
    BOOST_TEST(reason(other) == "a state of 51 numbers where there are 57");
    other = one;
    other.optimizer = optimizer(registry, "adam", 0.05);
    BOOST_TEST(reason(other) == "a state of 1 numbers where there are 51");
    other = one;
    other.data.values.set("validation", 0.2);
    BOOST_TEST(reason(other) == "a state with other metrics");
}

BOOST_AUTO_TEST_CASE(a_damaged_state_is_refused) {
    const std::string bytes = bytes_of(state_after(trial(), 2));
    for (std::size_t length = 0; length < bytes.size(); ++length)
        BOOST_CHECK_THROW(trial_state_of(std::string_view(bytes).substr(0, length)), StateMismatch);
    BOOST_CHECK_EXCEPTION(trial_state_of(bytes + "x"), StateMismatch,
                          [](const StateMismatch& e) { return std::string(e.what()) == "a state that is 1 bytes longer than it should be"; });
    BOOST_CHECK_EXCEPTION(trial_state_of("\x07" + bytes.substr(1)), StateMismatch,
                          [](const StateMismatch& e) { return std::string(e.what()) == "a state of layout 7, not 2"; });
}

BOOST_AUTO_TEST_SUITE_END()
