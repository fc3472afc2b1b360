#include "report/answer.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

#include "base/rounded.hpp"
#include "base/text.hpp"
#include "report/words.hpp"

namespace etude {
namespace {

constexpr double rounding = 1e-12;  // of a mean: what sums of equal numbers may differ by

constexpr std::size_t most_named = 3;

std::string interval_words(const Interval95& interval) {
    return fmt::format("95 % interval {} to {}", rounded(interval.low), rounded(interval.high));
}

std::string of_seeds(const Statistics& score) {
    if (!score.interval) return "one seed, so nothing is known of its spread";
    return fmt::format("{}, n = {}", interval_words(*score.interval), score.n);
}

/// "a", "a and b", "a; b; c and 4 more": labels have commas of their own.
std::string listed(std::vector<std::string> names) {
    if (names.size() == 1) return names.front();
    std::string last = names.back();
    if (names.size() > most_named) last = fmt::format("{} more", names.size() - most_named);
    names.resize(std::min(names.size() - 1, most_named));
    return join(names, "; ") + " and " + last;
}

std::string p_words(double p) { return p < 0.001 ? "p < 0.001" : fmt::format("p = {:.2g}", p); }

class Words {
  public:
    Words(const Results& results, const Analysis& analysis) : results_(results), analysis_(analysis) {}

    Answer say() {
        for (const std::size_t c : results_.best_first)
            if (results_.configurations[c].rank == 1) best_.push_back(c);
        if (best_.empty()) return {{nothing_done()}, {}};
        if (std::ranges::all_of(results_.configurations,
                                [](const ConfigurationResult& c) { return c.score.n == 0 || c.diverged == c.trials.size(); }))
            return {{"Every trial diverged, so there is no best configuration: try smaller rates, or clip the gradient."}, {}};
        add_best();
        if (analysis_.family) add_tests(*analysis_.family);
        add_pruned();
        add_choice();
        if (analysis_.rates.size() <= most_told_rates)
            for (const RateAnalysis& axis : analysis_.rates) add_rates(axis);
        for (const Regret& regret : analysis_.regrets) add_regret(regret);
        if (analysis_.target) add_target();
        return std::move(answer_);
    }

  private:
    std::string label(std::size_t c) const { return label_of(results_.plan, c); }
    std::size_t best() const { return best_.front(); }
    void add(std::string sentence) { answer_.sentences.push_back(std::move(sentence)); }
    void detail(std::string sentence) { answer_.details.push_back(std::move(sentence)); }

    std::string nothing_done() const {
        const bool tuned = std::ranges::any_of(results_.configurations, [](const ConfigurationResult& c) { return c.choice.mean && !c.score.mean; });
        return tuned ? "The seeds for reporting are not done yet, so there is no answer." : "No trial is done yet, so there is no answer.";
    }

    void add_best() {
        const Statistics &score = results_.configurations[best()].score, &choice = results_.configurations[best()].choice;
        const std::string measured = fmt::format("{} {} ({})", metric_words(results_.plan.metric), rounded(*score.mean), of_seeds(score));
        const bool split = std::ranges::any_of(results_.plan.trials, [](const PlannedTrial& t) { return t.role == SeedRole::tune; });
        std::vector<std::string> labels;
        for (const std::size_t c : best_) labels.push_back(label(c));
        if (results_.configurations.size() == 1) add(fmt::format("{} reaches {}.", label(best()), measured));
        else if (best_.size() > 1)
            add(fmt::format("{} are equally good: mean {} {}.", listed(labels), metric_words(results_.plan.metric), rounded(*choice.mean)));
        else if (split)
            add(fmt::format("{} is best on the {} {} for choosing; on those for reporting: {}.", label(best()), choice.n,
                            choice.n == 1 ? "seed" : "seeds", measured));
        else add(fmt::format("{} is best: {}.", label(best()), measured));
    }

    /// "0.003 better (95 % interval -0.001 to 0.007, p = 0.3)": the best one against another.
    std::string difference_words(const Comparison& c) const {
        const double mean = *c.t.difference.mean;
        const bool better = results_.plan.metric.maximize ? mean > 0 : mean < 0;
        const bool equal = std::abs(mean) <= rounding * std::abs(*results_.configurations[best()].score.mean);
        std::string text = equal ? "no different" : rounded(std::abs(mean)) + (better ? " better" : " worse");
        const Interval95& i = *c.t.difference.interval;
        const Interval95 shown = mean < 0 ? Interval95{-i.high, -i.low} : i;
        const bool adjusted = analysis_.family->comparisons.size() > 1;
        return fmt::format("{} ({}; {}{})", text, interval_words(shown), adjusted ? "adjusted " : "", p_words(*c.p));
    }

    void add_tests(const Family& family) {
        std::vector<const Comparison*> tested, settled, open;
        for (const Comparison& c : family.comparisons) {
            if (!c.p) continue;
            tested.push_back(&c);
            (c.significant ? settled : open).push_back(&c);
        }
        if (tested.empty()) return add("Too few seeds are shared for a test: nothing is said to differ significantly; run at least 5 seeds.");
        const std::string corrected = family.tests > tested.size() ? fmt::format(", Holm-corrected at 5 % over all {} pairs", family.tests)
                                                                   : ", Holm-corrected at 5 %";
        const std::string how = fmt::format("{}, paired by seed{}", family.decider == Decider::signed_rank ? "Wilcoxon signed-rank" : "paired t-test",
                                            tested.size() > 1 ? corrected : ", at 5 %");
        add_settled(family, settled, tested.size(), how);
        if (!open.empty()) add_open(open, settled.empty() ? " (" + how + ")" : "");
        if (tested.size() < family.comparisons.size())
            add(fmt::format("{} could not be tested for lack of shared seeds.", count_words(family.comparisons.size() - tested.size())));
    }

    static std::string count_words(std::size_t n) { return n == 1 ? "1 configuration" : std::to_string(n) + " configurations"; }

    void add_settled(const Family& family, const std::vector<const Comparison*>& settled, std::size_t tested, const std::string& how) {
        std::vector<const Comparison*> better, worse;
        for (const Comparison* c : settled) (c->better ? better : worse).push_back(c);
        const std::string subject = best_.size() > 1 ? label(family.reference) : "It";
        if (settled.empty()) return;  // what is open says how
        if (!better.empty() && better.size() == tested)
            add(fmt::format("{} is significantly better than {} ({}); against {} it is {}.", subject,
                            tested == 1 ? "the other" : fmt::format("each of the {} others", tested), how, label(better.front()->other),
                            difference_words(*better.front())));
        else if (!better.empty())
            add(fmt::format("{} is significantly better than {} of {} ({}).", subject, better.size(), others_words(tested), how));
        // Chosen on other seeds, or by a mean that one seed decides.
        for (std::size_t i = 0; i < std::min(worse.size(), most_named); ++i)
            add(fmt::format("But {} is significantly better on these seeds.", label(worse[i]->other)));
    }

    static std::string others_words(std::size_t n) { return n == 1 ? "1 other" : std::to_string(n) + " others"; }

    void add_open(const std::vector<const Comparison*>& open, const std::string& how) {
        std::vector<std::string> names;
        for (const Comparison* c : open) names.push_back(label(c->other));
        const Comparison& next = *open.front();
        add(fmt::format("These seeds do not tell {} from {}{}; against {} it is {}.", best_.size() > 1 ? label(best()) : "it", listed(names), how,
                        open.size() > 1 ? label(next.other) + ", the next of them," : "that one", difference_words(next)));
        if (next.more_seeds && *next.more_seeds <= 10'000)
            add(fmt::format("To run next: about {} more {} would settle it against {} (80 % power, if the true difference is the one seen).",
                            *next.more_seeds, *next.more_seeds == 1 ? "seed" : "seeds", label(next.other)));
        else if (*next.t.difference.mean != 0) add(fmt::format("No affordable number of seeds would settle it against {}.", label(next.other)));
    }

    void add_pruned() {
        const auto ended = std::ranges::count_if(results_.configurations, [](const ConfigurationResult& c) { return c.pruned > 0; });
        if (ended == 0 || !results_.plan.pruning) return;
        const bool decided = results_.plan.pruning->rule == Pruning::Rule::until_decided;
        add(fmt::format("{} of {} were ended early by {}{}; they rank behind the others and take part in no test.", ended,
                        count_words(results_.configurations.size()), pruning_text(*results_.plan.pruning),
                        decided ? ", as significantly worse than the best of then" : ""));
    }

    void add_choice() {
        if (analysis_.same_seeds && results_.configurations[best()].score.n > 1)
            add("Chosen and reported on the same seeds, which flatters the best one; `seeds: {tune: n, report: m}` keeps them apart.");
        if (analysis_.on_test_set) add("Chosen on the test set: expect somewhat worse on new data.");
    }

    void add_rates(const RateAnalysis& axis) {
        const std::string with = axis.label.empty() ? "" : " with " + axis.label;
        if (axis.basin && axis.basin->first != axis.basin->last)
            detail(fmt::format("Basin of {}{}: {} to {} ({} {}) are not significantly worse than the best, {}.", axis.column, with,
                               rounded(axis.basin->low), rounded(axis.basin->high), rounded(axis.basin->decades),
                               rounded(axis.basin->decades) == "1" ? "decade" : "decades", rounded(axis.rates[axis.best])));
        else if (axis.basin)
            detail(fmt::format("Basin of {}{}: {} alone; its neighbours on the grid are significantly worse.", axis.column, with,
                               rounded(axis.basin->low)));
        if (axis.sensitivity)
            detail(fmt::format("LR sensitivity{}: {} (mean over the axis of the {} clipped at {}, {}, minus the best).", with,
                               rounded(*axis.sensitivity), spaced(axis.loss), rounded(*axis.initial_loss),
                               axis.initial_is_estimate ? "that after one epoch at the smallest rate" : "its value at initialisation"));
        if (axis.edge.unstable)
            detail(fmt::format("Stability edge{}: most trials diverge at {}{}.", with, rounded(*axis.edge.unstable),
                               axis.edge.stable ? ", not yet at " + rounded(*axis.edge.stable) : ""));
    }

    /// What a shape loses with another's best rate.
    struct Loss {
        bool significant = false;
        double cost = 0;
        std::size_t shape = 0, lender = 0;
        auto order() const { return std::pair(significant, cost); }
    };

    bool loses_significantly(const RateAnalysis& own, double rate) const {
        const auto place = static_cast<std::size_t>(std::ranges::find(own.rates, rate) - own.rates.begin());
        const auto tested = std::ranges::find(own.family.comparisons, own.configurations[place], &Comparison::other);
        return tested != own.family.comparisons.end() && tested->better;
    }

    void add_regret(const Regret& regret) {
        std::optional<Loss> worst;  // the largest of those that a test finds, else the largest
        for (std::size_t i = 0; i < regret.cost.size(); ++i) {
            for (std::size_t k = 0; k < regret.cost.size(); ++k) {
                if (!regret.cost[i][k]) continue;
                const RateAnalysis &own = analysis_.rates[regret.axes[i]], &lent = analysis_.rates[regret.axes[k]];
                const Loss loss{loses_significantly(own, lent.rates[lent.best]), *regret.cost[i][k], i, k};
                if (!worst || loss.order() > worst->order()) worst = loss;
            }
        }
        if (!worst) return;
        if (!(worst->cost > 0)) return detail(fmt::format("One {} has the best mean for all: none loses by using another's.", regret.column));
        const RateAnalysis &own = analysis_.rates[regret.axes[worst->shape]], &lent = analysis_.rates[regret.axes[worst->lender]];
        const std::string words = fmt::format("{} with the best {} of {} ({}, its own is {}) is {} worse", own.label, regret.column, lent.label,
                                              rounded(lent.rates[lent.best]), rounded(own.rates[own.best]), rounded(worst->cost));
        detail(worst->significant ? "Rates do not carry over: " + words + ", significantly."
                                  : "Whether rates carry over these seeds do not tell: " + words + " at most, not significantly.");
    }

    void add_target() {
        std::optional<std::size_t> fastest;
        for (std::size_t c = 0; c < analysis_.spreads.size(); ++c) {
            const auto& epochs = analysis_.spreads[c].epochs_to_target;
            if (epochs && (!fastest || *epochs < *analysis_.spreads[*fastest].epochs_to_target)) fastest = c;
        }
        const TargetSpec& target = *results_.plan.target;
        const std::string goal = fmt::format("{} {}", spaced(target.metric), rounded(target.value));
        if (!fastest) return detail(fmt::format("No configuration reaches {} in most of its trials.", goal));
        const Spread& spread = analysis_.spreads[*fastest];
        detail(fmt::format("{} reaches {} first: in {} epochs, {} updates (medians over seeds; {} of {} trials reach it).", label(*fastest), goal,
                           rounded(*spread.epochs_to_target), rounded(*spread.updates_to_target), spread.reached, spread.finished));
    }

    const Results& results_;
    const Analysis& analysis_;
    std::vector<std::size_t> best_;  // of rank 1; usually one
    Answer answer_;
};

}  // namespace

Answer answer_of(const Results& results, const Analysis& analysis) { return Words(results, analysis).say(); }

}  // namespace etude
