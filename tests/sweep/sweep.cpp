#include "sweep/sweep.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

#include "report/report.hpp"
#include "store/checkpoints.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"
#include "support/trials.hpp"

using namespace etude;
using namespace etude::test;

namespace {

const std::string study_text = R"(study: small
data:  {name: blobs, samples: 120, centers: 3, cluster_std: 2, random_state: 2, train: 60}
model: [dense: {units: 8, activation: relu}, dense: {units: 3}]
loss:  softmax_cross_entropy
train: {epochs: 3, batch: 32}
optimizer: {name: sgd, lr: 0.1}
seeds: 5
sweep: {optimizer.lr: [1, 0.1, 0.01]}
)";

struct Fixture : WithPlugins {
    TemporaryFolder folder;
    Study study = Study::read(folder.write("small.yaml", study_text), registry, {});

    Store open(const std::string& name) { return Store::open(folder.path() / name, Store::Access::write, "small"); }
    std::string tables(const Store& store) {
        write_tables(store);
        return slurp(store.folder() / "trials.csv") + slurp(store.folder() / "summary.csv");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sweep_sweep, Fixture)

BOOST_AUTO_TEST_CASE(a_sweep_fills_the_store) {
    Store store = open("a");
    const SweepResult result = run_sweep(study, registry, store, *make_serial_executor(), {});
    BOOST_TEST(result.completed == 15u);
    BOOST_TEST(result.already_done == 0u);
    BOOST_TEST(store.ids().size() == 15u);
    BOOST_TEST((store.plan() == study.plan()));
}

BOOST_AUTO_TEST_CASE(a_sweep_again_does_nothing) {
    Store store = open("a");
    run_sweep(study, registry, store, *make_serial_executor(), {});
    const SweepResult again = run_sweep(study, registry, store, *make_serial_executor(), {});
    BOOST_TEST(again.already_done == 15u);
    BOOST_TEST(again.completed == 0u);
}

BOOST_AUTO_TEST_CASE(threads_and_one_worker_agree_to_the_byte) {
    Store serial = open("serial"), threads = open("threads");
    run_sweep(study, registry, serial, *make_serial_executor(), {});
    run_sweep(study, registry, threads, *make_thread_executor(3), {.data = {}, .workers = 3});
    BOOST_TEST(tables(serial) == tables(threads));
}

BOOST_AUTO_TEST_CASE(a_trial_goes_on_from_its_checkpoint_if_that_is_its_own) {
    Store plain = open("plain"), store = open("a");
    run_sweep(study, registry, plain, *make_serial_executor(), {});
    const Checkpoints checkpoints(store.folder());
    const auto state_of = [&](std::size_t i) {
        const TrialSpec trial = study.trial(i);
        const auto data = load_dataset(trial.data, {});
        const TrialContext context{
            .optimizer = registry.require(PluginKind::optimizer, "sgd"), .schedule = schedule_plugins(registry, trial), .data = *data};
        return std::get<TrialState>(*run_part(trial, context, {.until = 2}));
    };
    const auto id = [&](std::size_t i) { return study.plan().trials[i].id; };
    checkpoints.put(id(4), state_of(4), Checkpoints::Reaching::the_kernel);
    checkpoints.put(id(7), state_of(7), Checkpoints::Reaching::the_kernel);
    TrialState foreign = state_of(8);
    foreign.bytes.resize(100);
    checkpoints.put(id(8), foreign, Checkpoints::Reaching::the_kernel);
    const SweepResult result = run_sweep(study, registry, store, *make_thread_executor(2), {.data = {}, .workers = 2});
    BOOST_TEST(result.completed == 15u);
    BOOST_TEST(result.continued == 2u);
    const std::vector<std::string> expected{checkpoints.file(id(8)).string() + ": a state that ends early; the trial begins anew"};
    BOOST_TEST(result.warnings == expected, boost::test_tools::per_element());
    BOOST_TEST(tables(store) == tables(plain));
    BOOST_TEST(!std::filesystem::exists(store.folder() / "checkpoints"));
}

BOOST_AUTO_TEST_CASE(workers_leave_room_for_the_threads_of_trials) {
    const std::size_t cores = std::thread::hardware_concurrency();
    BOOST_TEST(fitting_workers(3, 1) == 3u);
    BOOST_TEST(fitting_workers(1, 2) == 1u);
    BOOST_TEST(fitting_workers(64 * cores, 2) == std::max<std::size_t>(cores / 2, 1));
    BOOST_TEST(fitting_workers(5, 2 * cores) == 1u);
    BOOST_TEST(most_threads(study) == 1u);
    std::string text = study_text;
    text.replace(text.find("optimizer.lr: ["), 15, "train.threads: [2, 1, 3], optimizer.lr: [");
    BOOST_TEST(most_threads(Study::read(folder.write("threads.yaml", text), registry, {})) == 3u);
}

BOOST_AUTO_TEST_CASE(a_raised_stop_leaves_whole_trials_only) {
    Store store = open("a");
    const std::atomic<bool> stop{true};
    const SweepResult result = run_sweep(study, registry, store, *make_thread_executor(2), {.data = {}, .workers = 2, .stop = &stop});
    BOOST_TEST(result.stopped);
    BOOST_TEST(store.ids().empty());
}

BOOST_AUTO_TEST_SUITE_END()
