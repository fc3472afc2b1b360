#include "study/rate_finder.hpp"

#include <algorithm>
#include <cstdio>

#include "base/text.hpp"
#include "study/identity.hpp"
#include "study/parts.hpp"
#include "study/typed.hpp"

namespace etude {
namespace {

constexpr std::uint64_t tests_a_rate = 10;

/// Three digits: what a test can say, and what a person would write.
double rounded_rate(double rate) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", rate);
    return parse_real(text).value();
}

}  // namespace

bool is_rate_request(const Node& node) { return node.is_mapping() && node.find("find_lr") != nullptr; }

bool has_rate_request(const Node& node) {
    return is_rate_request(node) || std::ranges::any_of(node.items, has_rate_request) ||
           std::ranges::any_of(node.entries, [](const Entry& entry) { return has_rate_request(entry.value); });
}

std::optional<RateRequest> RateFinder::read(const Node& node) {
    const auto& words = range_rule_words();
    const Node& rule = *node.find("find_lr");
    const auto word = read_value(rule, required(choice("find_lr", "", {words.begin(), words.end()}, "")), diagnostics_);
    Node keys = node;
    std::erase_if(keys.entries, [](const Entry& entry) { return entry.key == "find_lr"; });
    const auto test = read_range_test(keys, diagnostics_);
    if (!word || !test) return std::nullopt;
    const auto place = std::ranges::find(words, std::get<std::string>(*word));
    return RateRequest{static_cast<RangeRule>(place - words.begin()), test->value_or(RangeTestSpec{})};
}

const std::vector<Record>& RateFinder::tests_of(const RateRequest& request, const TrialSpec& trial) {
    TrialSpec test = trial;
    test.range_test = request.test;
    test.schedule = ScheduleSpec();
    test.schedule.name = "constant";
    test.schedules.clear();
    test.train.epochs = 1;
    test.optimizer.lr = request.test.from;
    const auto [found, is_new] = tests_.try_emplace(canonical_text(test, registry_, {}));
    if (!is_new) return found->second;
    std::vector<TrialSpec> tests(tests_a_rate, test);
    for (std::uint64_t i = 0; i < tests_a_rate; ++i) tests[i].seed = first_seed_ + i;
    return found->second = settings_.train(tests);
}

std::optional<double> RateFinder::find(const RateRequest& request, const TrialSpec& trial, const Place& place) {
    const std::string& rule = range_rule_words()[static_cast<std::size_t>(request.rule)];
    if (!settings_.train) {
        diagnostics_.error(place, "a rate is to be found by a range test, which cannot be made here", "`etude run` and `etude plan` make it");
        return std::nullopt;
    }
    std::vector<double> rates;
    std::string failure;
    for (const Record& record : tests_of(request, trial)) {
        if (record.status == Status::failed) failure = record.message;
        if (const Curve* curve = record.find(rule)) rates.push_back(curve->final);
    }
    const auto spread = spread_of(rates);
    if (!spread) {
        diagnostics_.error(place, "the range test finds no rate by '" + rule + "'" + (failure.empty() ? "" : ": " + failure),
                           request.rule == RangeRule::divergence ? "no test diverged; a larger `to:` may"
                                                                 : "the loss does not fall; `etude find-lr` on this study draws its curve");
        return std::nullopt;
    }
    const double rate = rounded_rate(spread->median);
    const std::string note = "{find_lr: " + rule + "} is " + number(rate) + " for " + trial.optimizer.name + ": median of " +
                             std::to_string(spread->n) + " seeds, half of them between " + number(rounded_rate(spread->low_quartile)) + " and " +
                             number(rounded_rate(spread->high_quartile));
    if (std::ranges::find(notes_, note) == notes_.end()) notes_.push_back(note);
    return rate;
}

/// Without a trial: puts a 1. False after an error.
bool RateFinder::replace(Node& node, const TrialSpec* trial) {
    if (is_rate_request(node)) {
        const auto request = read(node);
        const auto rate = request && trial != nullptr ? find(*request, *trial, node.place) : std::optional(1.0);
        if (rate) node = scalar_node(number(*rate), false, node.place);
        else node = scalar_node("1", false, node.place);
        return request && rate;
    }
    bool good = true;
    for (Node& item : node.items) good = replace(item, trial) && good;
    for (Entry& entry : node.entries) good = replace(entry.value, trial) && good;
    return good;
}

Node RateFinder::without_requests(const Node& node) {
    Node copy = node;
    replace(copy, nullptr);
    return copy;
}

std::optional<Node> RateFinder::with_rates(const Node& node, const TrialSpec& trial) {
    Node copy = node;
    return replace(copy, &trial) ? std::optional(std::move(copy)) : std::nullopt;
}

}  // namespace etude
