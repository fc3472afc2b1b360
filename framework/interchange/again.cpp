#include "interchange/again.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/scratch_folder.hpp"
#include "base/text.hpp"
#include "study/emit.hpp"
#include "study/study.hpp"
#include "sweep/trainers.hpp"

namespace etude {
namespace {

/// The study of one configuration and some seeds.
std::string study_text(const std::string& resolved, const std::vector<std::uint64_t>& seeds, const MetricSpec& metric) {
    std::string list;
    for (const std::uint64_t seed : seeds) list += (list.empty() ? "" : ", ") + std::to_string(seed);
    return "study: again\nseeds: [" + list + "]\nmetric: " + flow_text(metric_node(metric)) + "\n" + resolved;
}

Study read_study(const std::string& text, const std::string& name, Registry& registry, const DataPaths& data) {
    const ScratchFolder scratch;
    const std::filesystem::path file = scratch.path() / "configuration.yaml";
    write_file(file, text);
    try {
        return Study::read(file, registry, {.overrides = {}, .data = data});
    } catch (const DiagnosticsError& error) {
        throw DiagnosticsError(replaced(error.what(), file.string(), name));
    }
}

}  // namespace

std::vector<std::size_t> spread_over(std::size_t all, const std::optional<std::size_t>& count) {
    const std::size_t n = std::min(count.value_or(all), all);
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < n; ++i) places.push_back(n == 1 ? 0 : i * (all - 1) / (n - 1));
    return places;
}

std::vector<TrialAgain> read_again(const std::vector<KeptTrial>& trials, const MetricSpec& metric, const std::string& name, Registry& registry,
                                   const DataPaths& data) {
    std::map<std::string, std::vector<std::size_t>> of_configuration;  // places in `trials`
    for (std::size_t i = 0; i < trials.size(); ++i) of_configuration[trials[i].resolved].push_back(i);
    std::vector<TrialAgain> all(trials.size());
    for (const auto& [resolved, places] : of_configuration) {
        std::vector<std::uint64_t> seeds;
        for (const std::size_t place : places) seeds.push_back(trials[place].seed);
        const Study study = read_study(study_text(resolved, seeds, metric), name, registry, data);
        ETUDE_ASSERT(study.plan().trials.size() == places.size(),
                     "a resolved configuration gives " + std::to_string(study.plan().trials.size()) + " trials");
        for (std::size_t k = 0; k < places.size(); ++k) all[places[k]] = {study.trial(k), study.plan().trials[k].id};
    }
    return all;
}

std::vector<Record> run_again(const std::vector<TrialAgain>& trials, Registry& registry, const DataPaths& data, std::size_t workers) {
    std::vector<TrialSpec> specs;
    for (const TrialAgain& trial : trials) specs.push_back(trial.spec);
    return make_trainer(registry, data, workers)(specs);
}

}  // namespace etude
