#include "report/page.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "report/answer.hpp"
#include "report/explorer.hpp"
#include "report/page_parts.hpp"
#include "report/range_report.hpp"
#include "report/summary.hpp"
#include "report/words.hpp"
#include "report_assets.hpp"

namespace etude {
namespace {

constexpr std::size_t most_failures = 20;        // shown with their message
constexpr std::size_t largest_inline = 300'000;  // bytes of a figure; a larger one is a link

std::string answer_section(const Results& results, const Analysis& analysis) {
    std::string html = "<div class=\"answer\">\n";
    const Answer answer = answer_of(results, analysis);
    for (const std::string& sentence : answer.sentences) html += tagged("p", sentence);
    html += "</div>\n";
    if (!answer.details.empty()) html += "<ul>\n";
    for (const std::string& sentence : answer.details) html += tagged("li", sentence);
    if (!answer.details.empty()) html += "</ul>\n";
    const auto warnings = warnings_of(results, analysis);
    if (warnings.empty()) return html;
    html += "<div class=\"warnings\"><ul>\n";
    for (const std::string& warning : warnings) html += tagged("li", warning);
    return html + "</ul></div>\n";
}

/// Where the axes of rates are too many for sentences.
std::string rates_section(const Results& results, const Analysis& analysis) {
    if (analysis.rates.size() <= most_told_rates) return "";
    return tagged("h2", "Rates") + html_table(rates_rows(results, analysis), 0) +
           tagged("p", "An axis of rates a row, the rest held. Basin: the widest run of rates that are not significantly worse than the best. "
                       "Sensitivity: mean over the axis of the loss, clipped at its value at initialisation, minus the best. Unstable from: the "
                       "smallest rate at which most trials diverge.");
}

std::string summary_section(const Results& results) {
    const auto best = static_cast<std::size_t>(
        std::ranges::count_if(results.configurations, [](const ConfigurationResult& c) { return c.rank == 1; }));
    return tagged("h2", "Summary") + html_table(summary_rows(results), best) +
           tagged("p", capital(metric_words(results.plan.metric)) + " of each configuration over its seeds: mean, standard deviation (n - 1), "
                       "standard error of the mean, and the 95 % interval of the mean after Student. Intervals of differences are Student's "
                       "too, each for itself; p-values are corrected for how many there are.");
}

std::string figures_section(const std::vector<Figure>& figures, const std::vector<std::string>& svgs) {
    if (figures.empty()) return "";
    std::string html = tagged("h2", "Figures");
    for (std::size_t i = 0; i < figures.size(); ++i) {
        if (svgs[i].size() > largest_inline) {
            const std::string file = "figures/" + figures[i].name + ".svg";
            html += "<p>" + html_text(figures[i].title) + ": <a href=\"" + html_text(file) + "\">" + html_text(file) + "</a></p>\n";
            continue;
        }
        html += html_figure(figures[i], svgs[i]);
    }
    return html;
}

std::string failures_section(const Results& results) {
    std::vector<std::vector<std::string>> rows{{"trial", "configuration", "seed", "message"}};
    std::size_t left = 0;
    for (std::size_t i = 0; i < results.trials.size(); ++i) {
        const TrialResult& trial = results.trials[i];
        if (!trial.stored || trial.stored->record.status != Status::failed) continue;
        if (rows.size() > most_failures) ++left;
        else rows.push_back({std::to_string(i), label_of(results.plan, trial.planned.configuration), std::to_string(trial.planned.seed),
                             trial.stored->record.message});
    }
    if (rows.size() == 1) return "";
    std::string html = tagged("h2", "Failed trials") + replaced(html_table(rows, 0), "<td>", "<td class=\"wrap\">");
    return left > 0 ? html + tagged("p", fmt::format("... and {} more.", left)) : html;
}

std::string best_section(const Results& results) {
    if (results.best_first.empty() || !results.configurations[results.best_first.front()].rank) return "";
    const Configuration& best = results.plan.configurations[results.best_first.front()];
    const std::string name = results.configurations.size() > 1 && !best.label.empty() ? "The best configuration: " + best.label : "The configuration";
    return tagged("h2", name) + tagged("p", "Every default filled in; the seed is what its trials differ in.") + "<pre>" +
           html_text(best.resolved) + "</pre>\n";
}

std::string range_answer_section(const Results& results) {
    std::string html = "<div class=\"answer\">\n";
    for (std::size_t c = 0; c < results.configurations.size(); ++c)
        for (const std::string& sentence : range_answer(results, c)) html += tagged("p", sentence);
    return html + "</div>\n" + tagged("h2", "Suggestions") + html_table(range_rows(results), 0) +
           tagged("p", "Rates: medians and quartiles over the seeds, on the logarithmic axis; n counts the tests in which the rule found something. "
                       "Every loss stands in range_test.csv.");
}

std::string range_paste_section(const Results& results) {
    std::string html = tagged("h2", "To paste into a study");
    for (std::size_t c = 0; c < results.configurations.size(); ++c)
        if (const std::string yaml = range_yaml(results, c); !yaml.empty())
            html += tagged("p", label_of(results.plan, c)) + "<pre>" + html_text(yaml) + "</pre>\n";
    return html;
}

std::string reproduce_section() {
    return tagged("h2", "How to reproduce it") +
           "<pre>etude run study.yaml --out again</pre>\n"
           "<p>with the <a href=\"study.yaml\">study.yaml</a> of this folder makes the same <a href=\"trials.csv\">trials.csv</a> again, "
           "byte for byte, whatever the number of workers. <code>etude run</code> on this folder does only what is missing; "
           "<code>etude report</code> draws this page again. Beside it lie <a href=\"summary.csv\">summary.csv</a> (the table above with all "
           "digits), <a href=\"statistics.json\">statistics.json</a> (quantiles, tests, effect sizes, rates), <a href=\"timing.csv\">timing.csv</a> "
           "(what may differ between two runs), <a href=\"resolved.yaml\">resolved.yaml</a> "
           "(every default filled in), <code>etude.sqlite</code> (all results, with curves) and <code>figures/*.svg</code>.</p>\n";
}

/// One column for each machine and build, with what it did.
std::string provenance_section(const Results& results) {
    struct Share {
        std::size_t trials = 0;
        double seconds = 0;
        std::string first, last;
    };
    std::map<std::vector<std::string>, Share> shares;
    for (const TrialResult& trial : results.trials) {
        if (!trial.stored) continue;
        const Provenance& p = trial.stored->provenance;
        Share& share = shares[{p.host, p.cpu, p.isa, p.onednn, p.compiler, p.etude}];
        ++share.trials;
        share.seconds += trial.stored->record.wall_seconds;
        if (share.first.empty() || p.finished_at < share.first) share.first = p.finished_at;
        share.last = std::max(share.last, p.finished_at);
    }
    if (shares.empty()) return "";
    // Fields downwards: there is mostly one column.
    std::vector<std::vector<std::string>> rows{{""}, {"host"}, {"CPU"}, {"instruction set"}, {"oneDNN"}, {"compiler"}, {"etude"}, {"trials"},
                                               {"seconds of training"}, {"finished from"}, {"to"}};
    for (const auto& [fields, share] : shares) {
        std::vector<std::string> column{shares.size() == 1 ? "" : fmt::format("{}", rows.front().size())};
        column.insert(column.end(), fields.begin(), fields.end());
        column.insert(column.end(), {std::to_string(share.trials), fmt::format("{:.4g}", share.seconds), share.first, share.last});
        for (std::size_t i = 0; i < rows.size(); ++i) rows[i].push_back(column[i]);
    }
    if (shares.size() == 1) rows.front() = {"", "all trials"};
    return tagged("h2", "Provenance") + html_table(rows, 0);
}

/// What is replaced as a whole when a live page has more to show.
std::string part(const std::string& name, const std::string& html) { return "<div data-part=\"" + name + "\">\n" + html + "</div>\n"; }

std::string live_attributes(const Results& results, const std::string& version) {
    const auto done = std::ranges::count_if(results.trials, [](const TrialResult& trial) { return trial.stored.has_value(); });
    return fmt::format(R"( data-version="{}" data-done="{}" data-planned="{}")", html_text(version), done, results.trials.size());
}

}  // namespace

std::string page_html(const Findings& findings, const std::vector<Figure>& figures, const std::vector<std::string>& svgs,
                      const std::optional<std::string>& live) {
    const auto& [results, analysis] = findings;
    std::string html = page_head(results.plan.study, live ? live_attributes(results, *live) : "", live ? Fetches::own_server : Fetches::nothing);
    if (!results.plan.question.empty()) html += "<p class=\"question\">" + html_text(results.plan.question) + "</p>\n";
    if (live) html += "<p id=\"live-note\" role=\"status\"></p>\n";
    const bool is_range = is_range_test(results.plan);
    html += part("answer", is_range ? range_answer_section(results)
                                    : answer_section(results, analysis) + rates_section(results, analysis) + summary_section(results));
    if (!is_range) html += explorer_section(results);
    html += part("figures", figures_section(figures, svgs) + failures_section(results));
    html += part("rest", (is_range ? range_paste_section(results) : best_section(results)) + reproduce_section() + provenance_section(results));
    if (live) html += std::string("<script>") + detail::live_script + "</script>\n";
    return html + "<footer>Made by <code>etude " + (live ? "serve" : "report") + "</code>.</footer>\n</body>\n</html>\n";
}

}  // namespace etude
