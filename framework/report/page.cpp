#include "report/page.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "report/answer.hpp"
#include "report/explorer.hpp"
#include "report/page_style.hpp"
#include "report/range_report.hpp"
#include "report/summary.hpp"
#include "report/svg.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

constexpr std::size_t most_failures = 20;        // shown with their message
constexpr std::size_t largest_inline = 300'000;  // bytes of a figure; a larger one is a link

std::string tagged(const std::string& tag, const std::string& text) { return "<" + tag + ">" + html_text(text) + "</" + tag + ">\n"; }

std::string cell(const std::string& tag, const std::string& text, bool numeric) {
    return "<" + tag + (numeric ? " class=\"number\">" : ">") + html_text(text) + "</" + tag + ">";
}

/// Columns of numbers stand on the right.
std::string table(const std::vector<std::vector<std::string>>& rows, std::size_t highlighted) {
    std::vector<bool> numeric(rows.front().size(), true);
    for (std::size_t r = 1; r < rows.size(); ++r)
        for (std::size_t c = 0; c < numeric.size(); ++c)
            if (!rows[r][c].empty() && !parse_real(rows[r][c])) numeric[c] = false;
    std::string html = "<div class=\"scroll\"><table>\n<thead><tr>";
    for (std::size_t c = 0; c < numeric.size(); ++c) html += cell("th", rows.front()[c], numeric[c]);
    html += "</tr></thead>\n<tbody>\n";
    for (std::size_t r = 1; r < rows.size(); ++r) {
        html += r <= highlighted ? "<tr class=\"best\">" : "<tr>";
        for (std::size_t c = 0; c < numeric.size(); ++c) html += cell("td", rows[r][c], numeric[c]);
        html += "</tr>\n";
    }
    return html + "</tbody></table></div>\n";
}

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

std::string summary_section(const Results& results) {
    const auto best = static_cast<std::size_t>(
        std::ranges::count_if(results.configurations, [](const ConfigurationResult& c) { return c.rank == 1; }));
    return tagged("h2", "Summary") + table(summary_rows(results), best) +
           tagged("p", capital(metric_words(results.plan.metric)) + " of each configuration over its seeds: mean, standard deviation (n - 1), "
                       "standard error of the mean, and the 95 % interval of the mean after Student.");
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
        html += "<figure>\n" + replaced(inline_svg(svgs[i]), "<svg ", "<svg role=\"img\" ");
        if (!figures[i].caption.empty()) html += tagged("figcaption", figures[i].caption);
        html += "</figure>\n";
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
    std::string html = tagged("h2", "Failed trials") + replaced(table(rows, 0), "<td>", "<td class=\"wrap\">");
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
    return html + "</div>\n" + tagged("h2", "Suggestions") + table(range_rows(results), 0) +
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
           "digits), <a href=\"statistics.json\">statistics.json</a> (quantiles, tests, effect sizes, rates), <a href=\"timing.csv\">timing.csv</a> (what may differ between two runs), <a href=\"resolved.yaml\">resolved.yaml</a> "
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
    return tagged("h2", "Provenance") + table(rows, 0);
}

}  // namespace

std::string page_html(const Results& results, const Analysis& analysis, const std::vector<Figure>& figures, const std::vector<std::string>& svgs) {
    std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    // Nothing may be fetched, whatever a name in the results says.
    html += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src "
            "'unsafe-inline'\">\n";
    html += tagged("title", results.plan.study) + "<style>" + page_style + explorer_style() + "</style>\n</head>\n<body>\n" + tagged("h1", results.plan.study);
    if (!results.plan.question.empty()) html += "<p class=\"question\">" + html_text(results.plan.question) + "</p>\n";
    const bool is_range = is_range_test(results.plan);
    html += is_range ? range_answer_section(results) : answer_section(results, analysis) + summary_section(results) + explorer_section(results);
    html += figures_section(figures, svgs) + failures_section(results);
    html += (is_range ? range_paste_section(results) : best_section(results)) + reproduce_section() + provenance_section(results);
    return html + "<footer>Made by <code>etude report</code>.</footer>\n</body>\n</html>\n";
}

}  // namespace etude
