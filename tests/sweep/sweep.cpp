#include "sweep/sweep.hpp"

#include <boost/test/unit_test.hpp>

#include "report/report.hpp"
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

struct Fixture {
    TemporaryFolder folder;
    Registry registry = Registry::scan({built_plugins()});
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

BOOST_AUTO_TEST_CASE(a_raised_stop_leaves_whole_trials_only) {
    Store store = open("a");
    const std::atomic<bool> stop{true};
    const SweepResult result = run_sweep(study, registry, store, *make_thread_executor(2), {.data = {}, .workers = 2, .stop = &stop});
    BOOST_TEST(result.stopped);
    BOOST_TEST(store.ids().empty());
}

BOOST_AUTO_TEST_SUITE_END()
