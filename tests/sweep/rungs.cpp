// Sweeps whose rule ends configurations early: what is ended, that workers and kills do not matter, and what a budget of time leaves.
#include "sweep/rungs.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/text.hpp"
#include "report/report.hpp"
#include "store/checkpoints.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"
#include "support/trials.hpp"
#include "sweep/sweep.hpp"

using namespace etude;
using namespace etude::test;

namespace {

const std::string study_text = R"(study: small
data:  {name: blobs, samples: 120, centers: 3, cluster_std: 2, random_state: 2, train: 60}
model: [dense: {units: 8, activation: relu}, dense: {units: 3}]
loss:  softmax_cross_entropy
train: {epochs: 9, batch: 32}
optimizer: {name: sgd, lr: 0.1}
seeds: 4
metric: test_loss
sweep: {optimizer.lr: [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.3]}
)";

const std::vector<std::string> rules{"halving: {eta: 3}", "halving: {eta: 2, min_epochs: 2}", "hyperband: {eta: 3}",
                                     "median: {min_epochs: 2, every: 2}", "until_decided: {alpha: 0.45, min_seeds: 2}"};

struct Killed {};

/// Ends a sweep before its task `left`, as a kill would: what is on disk by then is all that stays.
class KilledExecutor final : public Executor {
  public:
    explicit KilledExecutor(std::size_t left) : left_(left) {}
    void run(std::size_t count, const std::function<void(std::size_t)>& task) override {
        for (std::size_t i = 0; i < count; ++i) {
            if (left_-- == 0) throw Killed{};
            task(i);
        }
    }

  private:
    std::size_t left_;
};

struct Fixture : WithPlugins {
    TemporaryFolder folder;

    Study read(const std::string& more, const std::vector<std::string>& overrides = {}) {
        return Study::read(folder.write("small.yaml", study_text + more + "\n"), registry, {.overrides = overrides, .data = {}});
    }
    Store open(const std::string& name) { return Store::open(folder.path() / name, Store::Access::write, "small"); }
    /// A sweep with one worker that is killed before its task `tasks`. False when it was over by then.
    bool kill(const Study& study, Store& store, std::size_t tasks) {
        KilledExecutor executor(tasks);
        try {
            run_sweep(study, registry, store, executor, {});
            return false;
        } catch (const Killed&) {
            return true;
        }
    }
    static std::size_t waiting(const Store& store) {
        std::error_code none;
        const std::filesystem::directory_iterator files(store.folder() / "checkpoints", none);
        return static_cast<std::size_t>(std::distance(begin(files), end(files)));
    }
    SweepResult sweep(const Study& study, Store& store) { return run_sweep(study, registry, store, *make_serial_executor(), {}); }
    std::string tables(const Store& store) {
        write_tables(store);
        return slurp(store.folder() / "trials.csv") + slurp(store.folder() / "summary.csv");
    }
};

/// "pruned 1" for each trial, counted.
std::map<std::string, std::size_t> ends_of(const Study& study, const Store& store) {
    std::map<std::string, std::size_t> ends;
    for (const PlannedTrial& trial : study.plan().trials) {
        const auto stored = store.find(trial.id);
        ++ends[stored ? status_word(stored->record.status) + " " + std::to_string(stored->record.epochs) : "missing"];
    }
    return ends;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sweep_rungs, Fixture)

BOOST_AUTO_TEST_CASE(halving_ends_configurations_with_all_of_their_seeds) {
    const Study study = read("halving: {eta: 3}");
    Store store = open("a");
    const SweepResult result = sweep(study, store);
    // seven configurations of four seeds: two go on after epoch 1, one after epoch 3
    BOOST_TEST((ends_of(study, store) == std::map<std::string, std::size_t>{{"pruned 1", 20}, {"pruned 3", 4}, {"completed 9", 4}}));
    BOOST_TEST(result.pruned == 24u);
    BOOST_TEST(result.completed == 4u);
}

BOOST_AUTO_TEST_CASE(every_rule_ends_something_and_leaves_something_whole) {
    for (const std::string& rule : rules)
        BOOST_TEST_CONTEXT(rule) {
            const Study study = read(rule);
            Store store = open("every" + std::to_string(&rule - rules.data()));
            const SweepResult result = sweep(study, store);
            BOOST_TEST(result.pruned > 0u);
            BOOST_TEST(result.completed >= 4u);
            BOOST_TEST(result.pruned + result.completed == 28u);
            BOOST_TEST((store.plan() == study.plan()));
        }
}

BOOST_AUTO_TEST_CASE(workers_do_not_matter) {
    for (const std::string& rule : rules)
        BOOST_TEST_CONTEXT(rule) {
            const std::string number = std::to_string(&rule - rules.data());
            const Study study = read(rule);
            Store serial = open("serial" + number), threads = open("threads" + number);
            sweep(study, serial);
            run_sweep(study, registry, threads, *make_thread_executor(3), {.data = {}, .workers = 3});
            BOOST_TEST(tables(serial) == tables(threads));
        }
}

BOOST_AUTO_TEST_CASE(a_pruned_trial_is_the_beginning_of_the_whole_one) {
    const Study pruned = read("halving: {eta: 3}"), whole = read("");
    Store a = open("a"), b = open("b");
    sweep(pruned, a);
    sweep(whole, b);
    for (const PlannedTrial& trial : whole.plan().trials) {
        const Record part = a.find(trial.id)->record, all = b.find(trial.id)->record;
        for (std::size_t c = 0; c < all.curves.size(); ++c)
            BOOST_TEST(std::equal(part.curves[c].values.begin(), part.curves[c].values.end(), all.curves[c].values.begin()));
        if (part.status == Status::completed) BOOST_TEST((part.curves[0].final == all.curves[0].final && part.epochs == all.epochs));
    }
}

BOOST_AUTO_TEST_CASE(whatever_a_killed_run_left_the_same_trials_end_at_the_same_epochs) {
    for (const std::string& rule : rules)
        BOOST_TEST_CONTEXT(rule) {
            const std::string number = std::to_string(&rule - rules.data());
            const Study study = read(rule);
            Store whole = open("whole" + number);
            sweep(study, whole);
            const std::string expected = tables(whole);
            for (std::size_t left = 2; left <= 3; ++left) {
                Store killed = open("killed" + number + std::to_string(left));
                for (std::size_t i = 0; i < study.plan().trials.size(); i += left) killed.put(*whole.find(study.plan().trials[i].id));
                sweep(study, killed);
                BOOST_TEST(tables(killed) == expected);
            }
        }
}

BOOST_AUTO_TEST_CASE(suspended_trials_wait_on_disk_until_it_is_decided_what_becomes_of_them) {
    const Study study = read("halving: {eta: 3}");
    const auto left_by = [&](std::size_t tasks) {  // 28 to epoch 1, 20 pruned there, 8 to epoch 3, 4 pruned there, 4 to the end
        Store store = open("after" + std::to_string(tasks));
        BOOST_TEST(kill(study, store, tasks));
        BOOST_TEST(waiting(store) + store.pruned_ids().size() + store.ids().size() == std::min<std::size_t>(tasks, 28));
        return waiting(store);
    };
    BOOST_TEST(left_by(28) == 28u);
    BOOST_TEST(left_by(28 + 20) == 8u);
    BOOST_TEST(left_by(28 + 20 + 8) == 8u);
    BOOST_TEST(left_by(28 + 20 + 8 + 4) == 4u);
    BOOST_TEST(left_by(28 + 20 + 8 + 4 + 3) == 1u);
    Store store = open("whole");
    BOOST_TEST(!kill(study, store, 28 + 20 + 8 + 4 + 4));
    BOOST_TEST(!std::filesystem::exists(store.folder() / "checkpoints"));
}

BOOST_AUTO_TEST_CASE(a_killed_run_goes_on_from_its_last_rung_with_the_same_bits) {
    for (const std::string& rule : rules)
        BOOST_TEST_CONTEXT(rule) {
            const std::string number = std::to_string(&rule - rules.data());
            const Study study = read(rule);
            Store whole = open("unkilled" + number);
            sweep(study, whole);
            const std::string expected = tables(whole);
            bool killed = true;
            for (std::size_t tasks = 1; killed; tasks += 9)
                BOOST_TEST_CONTEXT("killed before task " << tasks) {
                    Store store = open("rung" + number + "_" + std::to_string(tasks));
                    killed = kill(study, store, tasks);
                    const std::size_t kept = waiting(store);
                    const SweepResult result = run_sweep(study, registry, store, *make_thread_executor(2), {.data = {}, .workers = 2});
                    BOOST_TEST(result.continued == kept);
                    BOOST_TEST(result.warnings.empty());
                    BOOST_TEST(tables(store) == expected);
                    BOOST_TEST(waiting(store) == 0u);
                }
        }
}

BOOST_AUTO_TEST_CASE(a_checkpoint_between_two_rungs_is_gone_on_from) {
    const Study study = read("halving: {eta: 3}", {"train.checkpoint=2"});
    Store store = open("a"), whole = open("b");
    sweep(study, whole);
    const Checkpoints checkpoints(store.folder());
    const auto leave = [&](Status status) {  // the first trial that ends so, after epoch 4
        const auto ends_so = [&](const PlannedTrial& trial) { return whole.find(trial.id)->record.status == status; };
        const auto found = std::ranges::find_if(study.plan().trials, ends_so);
        BOOST_TEST_REQUIRE((found != study.plan().trials.end()));
        const TrialSpec trial = study.trial(static_cast<std::size_t>(found - study.plan().trials.begin()));
        const auto data = load_dataset(trial.data, {});
        const Plugin& sgd = registry.require(PluginKind::optimizer, "sgd");
        const TrialContext context{.optimizer = sgd, .schedule = schedule_plugins(registry, trial), .data = *data};
        checkpoints.put(found->id, std::get<TrialState>(*run_part(trial, context, {.until = 4})), Checkpoints::Reaching::the_kernel);
    };
    leave(Status::completed);
    leave(Status::pruned);  // before that: the store has it as it was at its rung
    BOOST_TEST(sweep(study, store).continued == 2u);
    BOOST_TEST(tables(store) == tables(whole));
    BOOST_TEST(waiting(store) == 0u);
}

BOOST_AUTO_TEST_CASE(a_run_without_the_rule_goes_on_from_what_it_suspended) {
    const Study study = read("halving: {eta: 3}"), without = read("");
    Store store = open("a"), whole = open("b");
    BOOST_TEST(kill(study, store, 28 + 20 + 8));
    BOOST_TEST(sweep(without, store).continued == 8u);
    sweep(without, whole);
    BOOST_TEST(tables(store) == tables(whole));
}

BOOST_AUTO_TEST_CASE(a_damaged_state_is_a_warning_and_its_trial_begins_anew) {
    const Study study = read("halving: {eta: 3}");
    Store store = open("a"), whole = open("b");
    BOOST_TEST(kill(study, store, 28 + 20 + 8));
    const auto file = std::filesystem::directory_iterator(store.folder() / "checkpoints")->path();
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
    const SweepResult result = sweep(study, store);
    BOOST_TEST(result.continued == 7u);
    const std::vector<std::string> expected{file.string() + ": is damaged; the trial begins anew"};
    BOOST_TEST(result.warnings == expected, boost::test_tools::per_element());
    sweep(study, whole);
    BOOST_TEST(tables(store) == tables(whole));
}

BOOST_AUTO_TEST_CASE(a_run_again_trains_nothing) {
    for (const std::string& rule : rules)
        BOOST_TEST_CONTEXT(rule) {
            const Study study = read(rule);
            Store store = open("again" + std::to_string(&rule - rules.data()));
            sweep(study, store);
            const SweepResult again = sweep(study, store);
            BOOST_TEST(again.already_done == 28u);
            BOOST_TEST(again.completed + again.pruned == 0u);
        }
}

BOOST_AUTO_TEST_CASE(without_the_rule_the_pruned_trials_are_trained_whole) {
    const Study pruned = read("halving: {eta: 3}"), whole = read("");
    Store a = open("a"), b = open("b");
    sweep(pruned, a);
    BOOST_TEST(sweep(whole, a).completed == 24u);
    sweep(whole, b);
    BOOST_TEST(tables(a) == tables(b));
    // and with it again they stay whole
    BOOST_TEST(sweep(pruned, a).pruned == 0u);
}

BOOST_AUTO_TEST_CASE(another_eta_on_the_same_results_prunes_where_it_would_on_fresh_ones) {
    const Study first = read("halving: {eta: 2}"), second = read("halving: {eta: 3}");
    Store used = open("used"), fresh = open("fresh");
    sweep(first, used);
    sweep(second, used);
    sweep(second, fresh);
    for (const PlannedTrial& trial : second.plan().trials) {
        const Record a = used.find(trial.id)->record, b = fresh.find(trial.id)->record;
        if (a.status == Status::completed) continue;  // whole already
        BOOST_TEST(a.epochs == b.epochs);
        BOOST_TEST(a.curves.back().final == b.curves.back().final);
    }
}

BOOST_AUTO_TEST_CASE(a_decided_configuration_gets_no_more_seeds_and_the_seeds_to_report_on_are_for_the_others) {
    const Study study = read("until_decided: {alpha: 0.45, min_seeds: 2}", {"seeds={tune: 4, report: 2}"});
    Store store = open("a");
    sweep(study, store);
    std::size_t untouched = 0;
    for (const PlannedTrial& trial : study.plan().trials) {
        const Record record = store.find(trial.id)->record;
        if (record.status != Status::pruned) continue;
        BOOST_TEST(record.epochs == 0u);
        BOOST_TEST(trial.seed >= 2u);
        untouched += trial.role == SeedRole::report;
    }
    BOOST_TEST(untouched > 0u);
    BOOST_TEST(untouched < 14u);
}

BOOST_AUTO_TEST_CASE(what_was_ended_ranks_behind_and_says_so) {
    const Study study = read("halving: {eta: 3}");
    Store store = open("a");
    sweep(study, store);
    tables(store);
    const std::vector<std::string> lines = split(slurp(store.folder() / "summary.csv"), '\n');
    BOOST_TEST(lines[0].ends_with(",rank,pruned"));
    for (std::size_t i = 1; i < 8; ++i) {
        const std::vector<std::string> cells = split(lines[i], ',');
        BOOST_TEST((cells.back() == "0") == (cells[cells.size() - 2] == "1"), lines[i]);  // the one whole configuration is the best
        BOOST_TEST(cells[1] == "4");                                                     // the others stay in with their last values
    }
    const std::string text = summary_text(store);
    const std::string ended = "6 of 7 configurations were ended early by successive halving (eta 3, from epoch 1); "
                              "they rank behind the others and take part in no test.";
    BOOST_TEST(text.find(ended) != std::string::npos, text);
    const std::string page = slurp(write_report(store).page);
    const std::string pruned = "24 of 28 trials were pruned by successive halving (eta 3, from epoch 1); "
                               "each counts with its last value, if it has one.";
    BOOST_TEST(page.find(pruned) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(early_stops_are_said) {
    const Study study = read("early_stop: {patience: 1}\ntarget: {test_accuracy: 0.9}", {"optimizer.lr=1.5", "train.epochs=200"});
    Store store = open("a");
    sweep(study, store);
    const auto ends = ends_of(study, store);
    BOOST_TEST(!ends.contains("completed 200"));
    BOOST_TEST(slurp(write_report(store).page).find("4 of 4 trials ended before their last epoch, by early_stop") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_budget_of_time_begins_nothing_after_it_and_marks_the_results) {
    const Study hurried = read("budget: {time: 0.000000001s}"), relaxed = read("budget: {time: 100d}");
    Store store = open("a");
    const SweepResult none = sweep(hurried, store);
    BOOST_TEST(none.out_of_time);
    BOOST_TEST(none.completed == 0u);
    BOOST_TEST(store.plan().warnings ==
                   (std::vector<std::string>{"budget: the time of 0 ms was up when 0 of 28 trials were done; which ones depends on the machine"}),
               boost::test_tools::per_element());
    const SweepResult all = sweep(relaxed, store);
    BOOST_TEST(!all.out_of_time);
    BOOST_TEST(all.completed == 28u);
    BOOST_TEST(store.plan().warnings.empty());
}

BOOST_AUTO_TEST_SUITE_END()
