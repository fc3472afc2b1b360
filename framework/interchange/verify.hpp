// framework/interchange/verify.hpp - are the results in a folder what their trials give here and now?
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "interchange/again.hpp"
#include "interchange/differences.hpp"
#include "store/store.hpp"
#include "store/used_plugins.hpp"

namespace etude {

struct VerifiedTrial {
    std::size_t place = 0;        ///< in the plan
    StoredTrial stored;
    std::string id_now;           ///< another one when plugins, data or the framework's numerics have changed
    RecordComparison comparison;  ///< stored and now
};

/// `count` places of finished trials (completed or diverged), spread evenly over the plan from the first to the last; all of them for nothing.
/// Throws Error when no trial of the plan is finished.
std::vector<std::size_t> trials_to_verify(const Store& store, const std::optional<std::size_t>& count);

/// Runs the trials at `places` again from their stored configuration.
std::vector<VerifiedTrial> verify_trials(const Store& store, const std::vector<std::size_t>& places, Registry& registry, const DataPaths& data,
                                         std::size_t workers);

/// Which plugins have other bytes than when trials ran: "optimizer 'sgd' 1a2b3c4d, now 5e6f7a8b (plugins/optimizers/sgd.so)", with the first
/// digits of the hashes, and who built them where that has changed.
std::vector<std::string> plugin_changes(const std::vector<UsedPlugin>& then, Registry& registry);

/// What is not as it was when a trial ran: "oneDNN 2.6.3, now 3.7.2"; the host and the time are nobody's business here.
std::vector<std::string> changes_since(const Provenance& then, const Provenance& now);

}  // namespace etude
