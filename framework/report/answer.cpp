#include "report/answer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"
#include "report/plot.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

std::string of_seeds(const Statistics& score) {
    if (!score.interval) return "one seed, so nothing is known of its spread";
    return fmt::format("95 % interval {} to {}, n = {}", rounded(score.interval->low), rounded(score.interval->high), score.n);
}

/// Configurations of the first rank; usually one.
std::vector<std::size_t> first_ranked(const Results& results) {
    std::vector<std::size_t> best;
    for (const std::size_t c : results.best_first)
        if (results.configurations[c].rank == 1) best.push_back(c);
    return best;
}

std::string label_of(const Results& results, std::size_t configuration) { return label_of(results.plan, configuration); }

std::string best_sentence(const Results& results, const std::vector<std::size_t>& best) {
    const Statistics& score = results.configurations[best.front()].score;
    const std::string measured = fmt::format("{} {} ({})", metric_words(results.plan.metric), rounded(*score.mean), of_seeds(score));
    if (best.size() == 1 && results.configurations.size() == 1) return label_of(results, best.front()) + " reaches " + measured + ".";
    if (best.size() == 1) return label_of(results, best.front()) + " is best: " + measured + ".";
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < std::min<std::size_t>(best.size(), 4); ++i) labels.push_back(label_of(results, best[i]));
    const std::string more = best.size() > 4 ? fmt::format(" and {} more", best.size() - 4) : "";
    return fmt::format("{}{} are equally good: mean {} {}.", join(labels, "; "), more, metric_words(results.plan.metric), rounded(*score.mean));
}

bool overlap(const Interval95& a, const Interval95& b) { return a.low <= b.high && b.low <= a.high; }

std::string next_sentence(const Results& results, std::size_t best, std::size_t next) {
    const Statistics &first = results.configurations[best].score, &second = results.configurations[next].score;
    std::string text = fmt::format("Next is {} with {} ({})", label_of(results, next), rounded(*second.mean), of_seeds(second));
    if (!first.interval || !second.interval) return text + "; more seeds would say whether they differ.";
    if (!overlap(*first.interval, *second.interval)) return text + "; the intervals do not overlap.";
    const auto like_best = std::ranges::count_if(results.configurations, [&](const ConfigurationResult& c) {
        return c.score.interval && overlap(*c.score.interval, *first.interval);
    });
    text += "; the intervals overlap, so these seeds do not tell the two apart";
    return like_best > 2 ? fmt::format("{} ({} intervals in all overlap the best one's).", text, like_best - 1) : text + ".";
}

/// "the best optimizer.lr = 1 is the largest of the grid".
void add_edges(const Results& results, std::size_t best, std::vector<std::string>& warnings) {
    for (std::size_t column = 0; column < results.plan.columns.size(); ++column) {
        std::set<double> values;
        for (const Configuration& configuration : results.plan.configurations)
            if (const auto value = parse_real(configuration.cells[column])) values.insert(*value);
        const std::string& cell = results.plan.configurations[best].cells[column];
        const auto value = parse_real(cell);
        if (!value || values.size() < 3 || (*value != *values.begin() && *value != *values.rbegin())) continue;
        if (*value == 0 && *value == *values.begin()) continue;  // off: nothing lies beyond
        warnings.push_back(fmt::format("The best {} = {} is the {} that was tried: a better one may lie beyond.", results.plan.columns[column], cell,
                                       *value == *values.begin() ? "smallest" : "largest"));
    }
}

void add_counts(const Results& results, std::vector<std::string>& warnings) {
    std::size_t missing = 0, diverged = 0, failed = 0;
    for (const ConfigurationResult& c : results.configurations) missing += c.missing, diverged += c.diverged, failed += c.failed;
    const std::size_t all = results.trials.size();
    if (missing > 0) warnings.push_back(fmt::format("{} of {} trials are not done; etude run on this folder does them.", missing, all));
    if (diverged > 0)
        warnings.push_back(fmt::format("{} of {} trials diverged; each counts with the loss at initialisation, or the share of the most frequent "
                                       "class.", diverged, all));
    if (failed > 0)
        warnings.push_back(fmt::format("{} of {} trials failed and count nowhere; etude run on this folder tries them again.", failed, all));
}

void add_provenance(const Results& results, std::vector<std::string>& warnings) {
    struct Field {
        const char* what;
        std::string Provenance::* member;
    };
    constexpr std::array<Field, 6> fields{{{"hosts", &Provenance::host}, {"CPUs", &Provenance::cpu}, {"instruction sets", &Provenance::isa},
                                           {"oneDNN versions", &Provenance::onednn}, {"compilers", &Provenance::compiler},
                                           {"etude versions", &Provenance::etude}}};
    for (const Field& field : fields) {
        std::set<std::string> values;
        for (const TrialResult& trial : results.trials)
            if (trial.stored) values.insert(trial.stored->provenance.*field.member);
        if (values.size() < 2) continue;
        const std::vector<std::string> listed(values.begin(), values.end());
        warnings.push_back(fmt::format("Results of different {} are mixed: {}.", field.what, join(listed, "; ")));
    }
}

}  // namespace

std::vector<std::string> answer_of(const Results& results) {
    const auto best = first_ranked(results);
    if (best.empty()) return {"No trial is done yet, so there is no answer."};
    std::vector<std::string> answer{best_sentence(results, best)};
    const auto next = std::ranges::find_if(results.best_first, [&](std::size_t c) { return results.configurations[c].rank.value_or(1) > 1; });
    if (best.size() == 1 && next != results.best_first.end()) answer.push_back(next_sentence(results, best.front(), *next));
    const bool chosen = results.configurations.size() > 1;
    if (chosen && results.plan.metric.name.starts_with("test_"))
        answer.emplace_back("Chosen on the test set: expect somewhat worse on new data.");
    return answer;
}

std::vector<std::string> warnings_of(const Results& results) {
    std::vector<std::string> warnings = results.plan.warnings;
    add_counts(results, warnings);
    const auto best = first_ranked(results);
    if (best.size() == 1) add_edges(results, best.front(), warnings);
    add_provenance(results, warnings);
    return warnings;
}

}  // namespace etude
