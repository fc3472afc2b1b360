// tests/support/trials.hpp - small trials built by hand, with every default filled in from the declared tables.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "data/catalogue.hpp"
#include "layers/catalogue.hpp"
#include "plugin/registry.hpp"
#include "plugin/resolve.hpp"
#include "train/run_trial.hpp"
#include "train/trial.hpp"

namespace etude::test {

inline std::filesystem::path built_plugins() { return std::filesystem::path(ETUDE_BINARY_DIR) / "plugins"; }

/// For suites whose trials need optimizers and schedules.
struct WithPlugins {
    Registry registry = Registry::scan({built_plugins()});
};

/// The kind's defaults with `given` on top.
inline Component component(const Kind& kind, std::vector<std::pair<std::string, Value>> given = {}) {
    Component made{kind.name, defaults(kind.schema)};
    for (auto& [name, value] : given) made.values.set(name, std::move(value));
    return made;
}

inline Component dense(std::int64_t units, const std::string& activation = "", const std::string& init = "glorot_uniform") {
    Component layer = component(*find_layer_kind("dense"), {{"units", units}, {"init", init}});
    if (!activation.empty()) layer.values.set("activation", activation);
    return layer;
}

inline OptimizerSpec optimizer(Registry& registry, const std::string& name, double lr, const std::vector<GivenValue>& given = {}) {
    auto resolution = resolve_optimizer(registry.require(PluginKind::optimizer, name), "", lr, given);
    if (!resolution.problems.empty()) throw Error(resolution.problems.front().message);
    return std::move(resolution.spec);
}

inline ScheduleSpec schedule(Registry& registry, const std::string& name, double lr, const std::vector<GivenValue>& given = {}) {
    auto resolution = resolve_schedule(registry.require(PluginKind::schedule, name), "", lr, {}, given);
    if (!resolution.problems.empty()) throw Error(resolution.problems.front().message);
    return std::move(resolution.spec);
}

/// Blobs, 2-8-3, SGD: `samples` of which half are for training.
inline TrialSpec blobs_trial(Registry& registry, std::int64_t samples = 100, std::uint64_t epochs = 5, double lr = 0.1) {
    TrialSpec trial;
    trial.data = component(*find_dataset_kind("blobs"), {{"samples", samples}, {"centers", std::int64_t{3}}, {"cluster_std", 2.0},
                                                         {"random_state", std::int64_t{2}}, {"train", samples / 2}});
    trial.model = {dense(8, "relu"), dense(3)};
    trial.loss = component(*find_loss_kind("softmax_cross_entropy"));
    trial.train = {.epochs = epochs, .batch = 32};
    trial.optimizer = optimizer(registry, "sgd", lr);
    trial.schedule = schedule(registry, "constant", lr);
    return trial;
}

inline Record run(const TrialSpec& trial, Registry& registry) {
    const auto data = load_dataset(trial.data, {});
    auto record = run_trial(trial, {.optimizer = registry.require(PluginKind::optimizer, trial.optimizer.name),
                                    .schedule = schedule_plugins(registry, trial), .data = *data});
    return std::move(record.value());
}

}  // namespace etude::test
