#include "report/explorer.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <iterator>

#include "base/text.hpp"
#include "report/words.hpp"
#include "report_assets.hpp"

#include <nlohmann/json.hpp>

namespace etude {
namespace {

constexpr std::size_t fewest_points = 8;

std::string json_text(const std::string& text) { return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

std::string json_texts(const std::vector<std::string>& texts) {
    std::vector<std::string> parts;
    for (const std::string& text : texts) parts.push_back(json_text(text));
    return "[" + join(parts, ",") + "]";
}

/// What is no number is null. JavaScript reads "1e-05" and ".5" alike, JSON does not: fmt's form is one of JSON's.
std::string json_number(std::optional<double> value, int digits = 17) {
    if (!value || !std::isfinite(*value)) return "null";
    return digits >= 17 ? fmt::format("{}", *value) : fmt::format("{:.{}g}", *value, digits);
}

/// Epochs at which curves are given: all, or as many as fit, the first and the last among them.
std::vector<std::uint64_t> shown_epochs(const Results& results, std::size_t curves, std::size_t most_numbers) {
    std::uint64_t longest = 0;
    for (const TrialResult& trial : results.trials)
        if (trial.stored) longest = std::max(longest, trial.stored->record.epochs);
    const std::size_t room = std::max(fewest_points, most_numbers / std::max<std::size_t>(curves, 1));
    std::vector<std::uint64_t> epochs;
    if (longest <= room) {
        for (std::uint64_t e = 1; e <= longest; ++e) epochs.push_back(e);
        return epochs;
    }
    for (std::size_t i = 0; i < room; ++i) {  // closer together at the beginning, where curves bend
        const double share = static_cast<double>(i) / static_cast<double>(room - 1);
        const auto epoch = static_cast<std::uint64_t>(std::llround(1 + static_cast<double>(longest - 1) * share * share));
        if (epochs.empty() || epoch > epochs.back()) epochs.push_back(epoch);
    }
    return epochs;
}

std::string curves_of(const Record& record, const std::vector<std::string>& metrics, const std::vector<std::uint64_t>& epochs) {
    std::string text = "[";
    for (const std::string& metric : metrics) {
        text += "[";
        for (const std::uint64_t epoch : epochs) {
            const bool planned = record.status == Status::diverged || epoch <= record.epochs;
            text += json_number(planned ? metric_after(record, metric, epoch) : std::nullopt, 4) + ",";
        }
        text.back() = ']';
        text += ",";
    }
    text += "[";
    for (const std::uint64_t epoch : epochs) text += (epoch <= record.epoch_lr.size() ? json_number(record.epoch_lr[epoch - 1], 5) : "null") + ",";
    text.back() = ']';
    return text + "]";
}

std::string trial_json(const TrialResult& trial, const std::vector<std::string>& metrics) {
    std::string finals;
    const Record* record = trial.stored ? &trial.stored->record : nullptr;
    for (const std::string& metric : metrics) {
        const Curve* curve = record != nullptr && record->epochs > 0 ? record->find(metric) : nullptr;
        finals += json_number(curve != nullptr ? std::optional(curve->final) : std::nullopt, 6) + ",";
    }
    finals += json_number(record != nullptr && record->updates > 0 ? std::optional(record->last_lr) : std::nullopt, 15);
    const auto diverged = record != nullptr && record->diverged_at ? std::optional(static_cast<double>(*record->diverged_at)) : std::nullopt;
    return fmt::format(R"({{"configuration":{},"seed":{},"status":"{}","score":{},"finals":[{}],"epochs":{},"diverged_at":{}}})",
                       trial.planned.configuration, trial.planned.seed, record != nullptr ? status_word(record->status) : "missing",
                       json_number(trial.score, 8), finals, record != nullptr ? record->epochs : 0, json_number(diverged));
}

std::string data_json(const Results& results, std::size_t most_numbers) {
    const Plan& plan = results.plan;
    std::vector<std::string> metrics = plan.metrics, names = plan.metrics;
    names.push_back("lr");
    const auto epochs = shown_epochs(results, results.trials.size() * names.size(), most_numbers);
    std::vector<std::string> configurations, trials, curves, places;
    for (std::size_t c = 0; c < plan.configurations.size(); ++c)
        configurations.push_back(fmt::format(R"({{"label":{},"cells":{}}})", json_text(label_of(plan, c)), json_texts(plan.configurations[c].cells)));
    for (const TrialResult& trial : results.trials) {
        trials.push_back(trial_json(trial, metrics));
        curves.push_back(trial.stored && !epochs.empty() ? curves_of(trial.stored->record, metrics, epochs) : "[]");
    }
    for (const std::uint64_t epoch : epochs) places.push_back(std::to_string(epoch));
    return fmt::format(R"({{"study":{},"metric":{},"maximize":{},"metrics":{},"columns":{},"finals":{},"epochs":[{}],)", json_text(plan.study),
                       json_text(plan.metric.name), plan.metric.maximize, json_texts(names), json_texts(plan.columns), json_texts(names),
                       join(places, ",")) +
           "\"configurations\":[" + join(configurations, ",") + "],\n\"trials\":[" + join(trials, ",\n") + "],\n\"curves\":[" + join(curves, ",\n") +
           "]}";
}

constexpr const char* controls = R"html(<h2>Explore</h2>
<section id="explorer" hidden aria-label="Interactive curves and trials">
<div class="controls">
<label>metric <select id="c-metric"></select></label>
<label>group by <select id="c-group"></select></label>
<label>show <select id="c-band"></select></label>
<label>smoothing <input id="c-smooth" type="range" min="0" max="0.95" step="0.05"></label>
<label><input id="c-log" type="checkbox"> log values</label>
<label><input id="c-logx" type="checkbox"> log epochs</label>
<button id="c-whole" type="button">whole range</button>
</div>
<div id="chart"></div>
<div id="legend"></div>
<p id="chart-note"></p>
<div class="controls"><label for="c-filter">trials</label>
<input id="c-filter" type="search" placeholder="lr&gt;0.01 status=diverged cosine" aria-describedby="filter-problem"></div>
<p id="filter-problem" role="status"></p>
<p id="trials-count" role="status"></p>
<div class="trials" tabindex="0"><table><thead><tr id="trials-head"></tr></thead><tbody id="trials-body"></tbody></table></div>
<button id="trials-more" type="button" hidden>show more</button>
<p>Drag over the chart to zoom, double-click for all of it; a click on a heading sorts. The address keeps the view. What has diverged counts from
there on with its value at initialisation.</p>
</section>
<noscript><p>Curves to explore need JavaScript; the figures below do not.</p></noscript>
)html";

}  // namespace

std::string explorer_style() { return std::string(detail::dygraphs_style) + detail::explorer_style; }

std::string explorer_section(const Results& results, std::size_t most_numbers) {
    if (std::ranges::none_of(results.trials, [](const TrialResult& trial) { return trial.stored.has_value(); })) return "";
    // "</script" in a label must not end the data.
    return std::string(controls) + "<script type=\"application/json\" id=\"etude-data\">" + replaced(data_json(results, most_numbers), "</", "<\\/") +
           "</script>\n<script>" + detail::dygraphs_script + "</script>\n<script>" + detail::explorer_script + "</script>\n";
}

}  // namespace etude
