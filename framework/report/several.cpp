#include "report/several.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "base/error.hpp"
#include "base/rounded.hpp"
#include "base/text.hpp"
#include "report/range_report.hpp"
#include "report/scores.hpp"
#include "report/summary.hpp"
#include "report/words.hpp"
#include "statistics/holm.hpp"
#include "statistics/unpaired.hpp"

namespace etude {
namespace {

/// The lines of resolved YAML under a key at the left edge.
std::string section_of(const std::string& resolved, const std::string& key) {
    std::string section;
    bool inside = false;
    for (const std::string& line : split(resolved, '\n')) {
        if (!line.empty() && line.front() != ' ') inside = line.starts_with(key + ":");
        if (inside) section += line + "\n";
    }
    return section;
}

std::size_t best_of(const Results& results) { return results.best_first.front(); }

bool has_best(const Results& results) { return !results.best_first.empty() && results.configurations[results.best_first.front()].rank.has_value(); }

std::vector<double> values_of(const std::map<std::uint64_t, double>& scores) {
    std::vector<double> values;
    for (const auto& [seed, score] : scores) values.push_back(score);
    return values;
}

/// Seeds mean the same weights and batches only where all of these are the same.
bool can_be_paired(const Results& a, const Results& b) {
    const std::string &first = a.plan.configurations[best_of(a)].resolved, &second = b.plan.configurations[best_of(b)].resolved;
    return std::ranges::all_of(std::array{"data", "model", "loss", "train"},
                               [&](const char* key) { return section_of(first, key) == section_of(second, key); });
}

struct Tested {
    BestAgainst comparison;
    std::optional<double> t, ranks;  ///< p-values
    double smallest_rank_p = 1;      ///< that counts allow
};

Tested tested(const Results& reference, const Results& other, std::size_t place) {
    const auto a = scores_by_seed(reference, best_of(reference)), b = scores_by_seed(other, best_of(other));
    Tested test;
    test.comparison.other = place;
    std::vector<double> differences;
    if (can_be_paired(reference, other))
        for (const auto& [seed, score] : a)
            if (const auto found = b.find(seed); found != b.end()) differences.push_back(score - found->second);
    // Trials of one seed go together, so that a test of independent samples would be wrong; a few shared seeds among many do little harm to it.
    if (differences.size() > 1 && 2 * differences.size() >= std::min(a.size(), b.size())) {
        test.comparison.pairs = differences.size();
        const PairedT t = paired_t(differences);
        test.comparison.difference = t.difference.mean;
        test.comparison.interval = t.difference.interval;
        test.t = t.p;
        if (t.p) test.ranks = signed_rank(differences).p;
        test.smallest_rank_p = std::pow(0.5, static_cast<double>(differences.size()) - 1);
    } else {
        const std::vector<double> first = values_of(a), second = values_of(b);
        const WelchT t = welch_t(first, second);
        test.comparison.difference = t.difference;
        test.comparison.interval = t.interval;
        test.t = t.p;
        if (t.p) test.ranks = rank_sum(first, second).p;
        test.smallest_rank_p = smallest_rank_sum_p(first.size(), second.size());
    }
    return test;
}

void add_comparisons(Several& several) {
    const Results& reference = several.studies[*several.reference].findings.results;
    std::vector<Tested> tests;
    for (std::size_t s = 0; s < several.studies.size(); ++s)
        if (s != *several.reference && has_best(several.studies[s].findings.results))
            tests.push_back(tested(reference, several.studies[s].findings.results, s));
    // Any study might have become the reference: all pairs count, as within a study.
    const auto others = static_cast<std::size_t>(std::ranges::count_if(tests, [](const Tested& test) { return test.t.has_value(); }));
    const std::size_t pairs = others * (others + 1) / 2;
    std::vector<double> p_values;
    for (Tested& test : tests) {
        test.comparison.by_ranks = test.t && test.smallest_rank_p * static_cast<double>(pairs) <= significance_level;
        if (test.t) p_values.push_back(test.comparison.by_ranks ? *test.ranks : *test.t);
    }
    const auto adjusted = best_adjusted(p_values);
    auto next = adjusted.begin();
    for (Tested& test : tests) {
        BestAgainst& comparison = test.comparison;
        if (test.t) {
            comparison.p = *next++;
            comparison.significant = *comparison.p <= significance_level;
            comparison.better = comparison.significant && (reference.plan.metric.maximize ? *comparison.difference > 0 : *comparison.difference < 0);
        }
        several.comparisons.push_back(comparison);
    }
}

void require_comparable(const Several& several) {
    const Plan& first = several.studies.front().findings.results.plan;
    for (const auto& [name, findings] : several.studies) {
        const Results& results = findings.results;
        if (is_range_test(results.plan)) 
            throw Error(results.folder.string() + ": is a range test, which has no scores to compare",
                        "`etude report " + results.folder.string() + "` prints its suggestions");
        if (results.plan.metric == first.metric) continue;
        const auto words = [](const MetricSpec& metric) { return (metric.maximize ? "largest " : "smallest ") + metric_words(metric); };
        throw Error(fmt::format("{}: ranks by the {}, {} by the {}", results.folder.string(), words(results.plan.metric),
                                several.studies.front().findings.results.folder.string(), words(first.metric)),
                    "only studies of one metric stand in one table; run one of them again with `metric=...`: nothing is trained again");
    }
}

std::string of_seeds(const Statistics& score) {
    if (!score.interval) return "one seed";
    return fmt::format("95 % interval {} to {}, n = {}", rounded(score.interval->low), rounded(score.interval->high), score.n);
}

std::string test_name(const BestAgainst& comparison) {
    if (comparison.pairs > 0)
        return fmt::format("{} over {} shared seeds", comparison.by_ranks ? "Wilcoxon signed-rank" : "paired t-test", comparison.pairs);
    return comparison.by_ranks ? "Mann-Whitney" : "Welch's t-test";
}

std::string comparison_sentence(const Several& several, const BestAgainst& comparison) {
    const MetricSpec& metric = several.studies.front().findings.results.plan.metric;
    const std::string& other = several.studies[comparison.other].name;
    if (!comparison.p) return fmt::format("Too few seeds to test it against {}.", other);
    const double gap = metric.maximize ? *comparison.difference : 0.0 - *comparison.difference;
    const Interval95& i = *comparison.interval;
    const double low = metric.maximize ? i.low : 0.0 - i.high, high = metric.maximize ? i.high : 0.0 - i.low;
    const char* adjusted = several.comparisons.size() > 1 ? "Holm-adjusted " : "";
    const std::string p = *comparison.p < 0.001 ? "p < 0.001" : fmt::format("p = {:.2g}", *comparison.p);
    return fmt::format("Against the best of {} it is {} (95 % interval {} to {}; {}, {}{}): {}.", other,
                       gap == 0 ? "no different" : rounded(std::abs(gap)) + (gap > 0 ? " better" : " worse"), rounded(low), rounded(high),
                       test_name(comparison), adjusted, p, comparison.significant ? "significant" : "these seeds do not tell the two apart");
}

struct Place {
    std::size_t study = 0, configuration = 0;
};

/// Every configuration of every study, the best first, those without a mean last.
std::vector<Place> best_first(const Several& several) {
    std::vector<Place> places;
    for (std::size_t s = 0; s < several.studies.size(); ++s)
        for (const std::size_t c : several.studies[s].findings.results.best_first) places.push_back({s, c});
    const bool maximize = several.studies.front().findings.results.plan.metric.maximize;
    const auto key = [&](const Place& place) {
        const auto& mean = several.studies[place.study].findings.results.configurations[place.configuration].score.mean;
        const double last = std::numeric_limits<double>::infinity();
        return !mean || std::isnan(*mean) ? last : maximize ? -*mean : *mean;
    };
    std::ranges::stable_sort(places, {}, key);
    return places;
}

}  // namespace

Several compare_studies(const std::vector<std::filesystem::path>& folders) {
    if (folders.size() < 2) throw Error("there is one folder, and nothing to compare it with", "`etude compare DIR DIR...`");
    Several several;
    for (const auto& folder : folders) several.studies.push_back({"", Findings(Store::open(folder, Store::Access::read))});
    std::multiset<std::string> names;
    for (const auto& entry : several.studies) names.insert(entry.findings.results.plan.study);
    for (auto& [name, findings] : several.studies) {
        const std::string& study = findings.results.plan.study;
        name = names.count(study) > 1 ? findings.results.folder.string() : study;
    }
    require_comparable(several);
    // Within a study the seeds for choosing choose, among studies those for reporting.
    const auto mean = [&](std::size_t s) {
        const Results& results = several.studies[s].findings.results;
        return *results.configurations[best_of(results)].score.mean;
    };
    const bool maximize = several.studies.front().findings.results.plan.metric.maximize;
    for (std::size_t s = 0; s < several.studies.size(); ++s) {
        if (!has_best(several.studies[s].findings.results)) continue;
        if (!several.reference || (maximize ? mean(s) > mean(*several.reference) : mean(s) < mean(*several.reference))) several.reference = s;
    }
    if (several.reference) add_comparisons(several);
    return several;
}

std::vector<std::string> several_answer(const Several& several) {
    if (!several.reference) return {"No trial of any of them is done yet, so there is no answer."};
    const auto& [name, findings] = several.studies[*several.reference];
    const Results& results = findings.results;
    std::vector<std::string> sentences{fmt::format("The best of {} is best: {} with {} {} ({}).", name, label_of(results.plan, best_of(results)),
                                                   metric_words(results.plan.metric), rounded(*results.configurations[best_of(results)].score.mean),
                                                   of_seeds(results.configurations[best_of(results)].score))};
    for (const BestAgainst& comparison : several.comparisons) sentences.push_back(comparison_sentence(several, comparison));
    for (const auto& entry : several.studies)
        if (!has_best(entry.findings.results)) sentences.push_back(fmt::format("No trial of {} is done yet.", entry.name));
    if (std::ranges::any_of(several.studies, [](const auto& entry) { return entry.findings.analysis.same_seeds; }))
        sentences.emplace_back("Each best was chosen on the seeds it is compared on, which flatters the studies of more configurations; "
                               "`seeds: {tune: n, report: m}` keeps them apart.");
    if (std::ranges::any_of(several.studies, [](const auto& entry) { return entry.findings.analysis.on_test_set; }))
        sentences.emplace_back("Chosen on the test set: expect somewhat worse on new data.");
    return sentences;
}

std::string several_csv(const Several& several) {
    std::vector<std::string> columns;
    for (const auto& entry : several.studies)
        for (const std::string& column : entry.findings.results.plan.columns)
            if (std::ranges::find(columns, column) == columns.end()) columns.push_back(column);
    const auto line = [](const std::vector<std::string>& cells) {
        std::vector<std::string> fields;
        for (const std::string& cell : cells) fields.push_back(csv_field(cell));
        return join(fields, ",") + "\n";
    };
    std::vector<std::string> header{"study", "configuration"};
    header.insert(header.end(), columns.begin(), columns.end());
    header.insert(header.end(), {"n", "mean", "std", "sem", "ci_low", "ci_high", "diverged", "rank"});
    std::string csv = line(header);
    const auto real = [](const std::optional<double>& value) { return value ? number(*value) : std::string(); };
    for (const auto& [name, findings] : several.studies) {
        const Results& results = findings.results;
        for (std::size_t c = 0; c < results.configurations.size(); ++c) {
            std::vector<std::string> row{name, label_of(results.plan, c)};
            for (const std::string& column : columns) {
                const auto found = std::ranges::find(results.plan.columns, column);
                const auto place = static_cast<std::size_t>(found - results.plan.columns.begin());
                row.push_back(found == results.plan.columns.end() ? "" : results.plan.configurations[c].cells[place]);
            }
            const Statistics& s = results.configurations[c].score;
            const auto& rank = results.configurations[c].rank;
            row.insert(row.end(),
                       {std::to_string(s.n), real(s.mean), real(s.std), real(s.sem), real(s.interval ? std::optional(s.interval->low) : std::nullopt),
                        real(s.interval ? std::optional(s.interval->high) : std::nullopt), std::to_string(results.configurations[c].diverged),
                        rank ? std::to_string(*rank) : ""});
            csv += line(row);
        }
    }
    return csv;
}

std::vector<std::vector<std::string>> several_rows(const Several& several) {
    std::vector<std::vector<std::string>> rows{{"study", "configuration", "n", "mean", "std", "ci_low", "ci_high", "diverged"}};
    for (const Place& place : best_first(several)) {
        const auto& [name, findings] = several.studies[place.study];
        const ConfigurationResult& result = findings.results.configurations[place.configuration];
        const Statistics& s = result.score;
        rows.push_back({name, label_of(findings.results.plan, place.configuration), std::to_string(s.n), six_digits(s.mean), six_digits(s.std),
                        six_digits(s.interval ? std::optional(s.interval->low) : std::nullopt),
                        six_digits(s.interval ? std::optional(s.interval->high) : std::nullopt),
                        std::to_string(result.diverged)});
    }
    return rows;
}

}  // namespace etude
