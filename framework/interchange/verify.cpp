#include "interchange/verify.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "study/given.hpp"

namespace etude {

std::vector<std::size_t> trials_to_verify(const Store& store, const std::optional<std::size_t>& count) {
    const Plan plan = store.plan();
    const std::set<std::string> done = store.ids();
    std::vector<std::size_t> finished;
    for (std::size_t i = 0; i < plan.trials.size(); ++i)
        if (done.contains(plan.trials[i].id)) finished.push_back(i);
    if (finished.empty())
        throw Error(store.folder().string() + ": no trial is finished, so there is nothing to verify",
                    "`etude run` on the folder runs what is missing");
    std::vector<std::size_t> chosen;
    for (const std::size_t place : spread_over(finished.size(), count)) chosen.push_back(finished[place]);
    return chosen;
}

std::vector<VerifiedTrial> verify_trials(const Store& store, const std::vector<std::size_t>& places, Registry& registry, const DataPaths& data,
                                         std::size_t workers) {
    const Plan plan = store.plan();
    std::vector<VerifiedTrial> verified;
    std::vector<KeptTrial> kept;
    for (const std::size_t place : places) {
        auto stored = store.find(plan.trials.at(place).id);
        ETUDE_ASSERT(stored.has_value(), "trial " + std::to_string(place) + " is not in the store");
        kept.push_back({stored->id, stored->seed, stored->resolved});
        verified.push_back({place, std::move(*stored), {}, {}});
    }
    const std::vector<TrialAgain> again = read_again(kept, plan.metric, store.folder().string() + ": a stored configuration", registry, data);
    const std::vector<Record> records = run_again(again, registry, data, workers);
    for (std::size_t i = 0; i < verified.size(); ++i) {
        verified[i].id_now = again[i].id;
        verified[i].comparison = compare_records(verified[i].stored.record, records[i]);
    }
    return verified;
}

std::vector<std::string> plugin_changes(const std::vector<UsedPlugin>& then, Registry& registry) {
    const auto shortened = [](const std::string& hash) { return hash.substr(0, 8); };
    std::vector<std::string> changes;
    for (const UsedPlugin& was : then) {
        const Plugin* const is = registry.find(was.kind, was.name);
        const std::string title = fmt::format("{} '{}' {}", kind_word(was.kind), was.name, shortened(was.hash));
        if (is == nullptr) {
            changes.push_back(title + ", which is not here");
        } else if (const std::string hash = hex(is->file_hash); hash != was.hash) {
            changes.push_back(fmt::format("{}, now {} ({})", title, shortened(hash), is->file.string()));
            if (is->build != was.build) changes.back() += fmt::format("; built by {}, now by {}", was.build, is->build);
        }
    }
    return changes;
}

std::vector<std::string> changes_since(const Provenance& then, const Provenance& now) {
    std::vector<std::string> changes;
    const auto compare = [&](const char* what, const std::string& was, const std::string& is) {
        if (was != is) changes.push_back(std::string(what) + " " + was + ", now " + is);
    };
    compare("CPU", then.cpu, now.cpu);
    compare("instructions:", then.isa, now.isa);
    compare("oneDNN", then.onednn, now.onednn);
    compare("compiler", then.compiler, now.compiler);
    compare("etude", then.etude, now.etude);
    return changes;
}

}  // namespace etude
