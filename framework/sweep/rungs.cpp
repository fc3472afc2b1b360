#include "sweep/rungs.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sweep/decisions.hpp"

namespace etude {
namespace {

/// What is known of a trial, from here, from the store, or from its checkpoint.
struct Known {
    std::vector<float> values;               // of the study's metric, an epoch each
    std::optional<double> counts_as;         // of a diverged trial
    bool ended = false;                      // whole: completed or diverged
    bool failed = false;
    std::optional<std::uint64_t> pruned_at;  // as the store has it
};

Known known_of(const Record& record, const std::string& metric) {
    Known known;
    if (const Curve* curve = record.find(metric)) known.values = curve->values;
    for (const auto& [name, value] : record.counts_as)
        if (name == metric) known.counts_as = value;
    known.failed = record.status == Status::failed;
    known.ended = record.status == Status::completed || record.status == Status::diverged;
    if (record.status == Status::pruned) known.pruned_at = record.epochs;
    return known;
}

/// Of a trial that will go on.
Known known_so_far(const Record& record, const std::string& metric) {
    Known known = known_of(record, metric);
    known.ended = false;
    return known;
}

class Rungs {
  public:
    Rungs(const Plan& plan, std::uint64_t epochs, const Store& store, Executor& executor, TrialRunner& runner, const RungTools& tools)
        : plan_(plan), rule_(*plan.pruning), epochs_(epochs), executor_(executor), runner_(runner), tools_(tools), known_(plan.trials.size()),
          trials_(plan.configurations.size()) {
        for (std::size_t i = 0; i < plan.trials.size(); ++i) {
            trials_[plan.trials[i].configuration].push_back(i);
            const auto stored = store.find(plan.trials[i].id);
            if (stored && stored->record.status != Status::failed) known_[i] = known_of(stored->record, plan.metric.name);
            else if (const auto left = runner.left(i)) known_[i] = known_so_far(*left, plan.metric.name);
        }
    }

    void run() {
        std::vector<std::size_t> all(trials_.size());
        std::iota(all.begin(), all.end(), std::size_t{0});
        switch (rule_.rule) {
            case Pruning::Rule::halving:
                return run_bracket({all, halving_rungs(rule_, epochs_)});
            case Pruning::Rule::hyperband:
                for (const Bracket& bracket : hyperband_brackets(rule_, all.size(), epochs_)) run_bracket(bracket);
                return;
            case Pruning::Rule::median:
                return run_median(std::move(all));
            case Pruning::Rule::until_decided:
                return race(std::move(all));
        }
    }

  private:
    void run_bracket(const Bracket& bracket) {
        std::vector<std::size_t> alive = bracket.configurations;
        for (const std::uint64_t rung : bracket.rungs) {
            if (!train_to(alive, rung) || rung == epochs_) return;
            std::vector<Standing> standings;
            for (const std::size_t c : alive) standings.push_back(standing(c, rung));
            const std::vector<std::size_t> kept = halved(standings, rule_.eta);
            std::erase_if(standings, [&](const Standing& s) { return std::ranges::find(kept, s.configuration) != kept.end(); });
            std::vector<std::size_t> ended;
            for (const Standing& s : standings) ended.push_back(s.configuration);
            if (!prune(ended, rung)) return;
            alive = kept;
        }
    }

    void run_median(std::vector<std::size_t> alive) {
        std::vector<CostCurve> curves(trials_.size());
        for (std::uint64_t rung = rule_.min_epochs; rung < epochs_; rung += rule_.every) {
            if (!train_to(alive, rung)) return;
            for (const std::size_t c : alive)
                for (std::uint64_t epoch = curves[c].size() + 1; epoch <= rung; ++epoch)
                    curves[c].push_back(mean_over_seeds(c, [&](const Known& known) { return cost_after(known, epoch); }).value_or(unbounded));
            const std::vector<std::size_t> ended = worse_than_median(curves, alive, rung);
            if (!prune(ended, rung)) return;
            std::erase_if(alive, [&](std::size_t c) { return std::ranges::find(ended, c) != ended.end(); });
        }
        train_to(alive, epochs_);
    }

    /// Seeds to choose on one after the other; what is left goes on to the seeds to report on.
    void race(std::vector<std::size_t> alive) {
        std::size_t rounds = 0;
        for (std::size_t c : alive) rounds = std::max(rounds, choosing(c).size());
        const Race rules{rule_.alpha, alive.size() - 1, std::max<std::size_t>(1, rounds - std::min<std::size_t>(rounds, rule_.min_seeds))};
        std::vector<std::vector<std::optional<double>>> costs(trials_.size());
        for (std::size_t round = 0; round < rounds; ++round) {
            std::vector<std::size_t> due;
            for (const std::size_t c : alive)
                if (round < choosing(c).size()) due.push_back(choosing(c)[round]);
            if (!train(due, epochs_)) return;
            for (const std::size_t c : alive)
                if (round < choosing(c).size()) costs[c].push_back(score_after(known_[choosing(c)[round]], epochs_));
            if (round + 1 < rule_.min_seeds || round + 1 == rounds) continue;
            for (const std::size_t c : decided(costs, alive, rules)) {
                leave_out(c);
                std::erase(alive, c);
            }
        }
        train_to(alive, epochs_);
    }

    /// The trials of the configuration on the seeds that choose.
    std::vector<std::size_t> choosing(std::size_t configuration) const {
        std::vector<std::size_t> places = trials_[configuration];
        std::erase_if(places, [&](std::size_t i) { return plan_.trials[i].role == SeedRole::report; });
        return places;
    }

    bool train_to(const std::vector<std::size_t>& configurations, std::uint64_t rung) {
        std::vector<std::size_t> places;
        for (const std::size_t c : configurations) places.insert(places.end(), trials_[c].begin(), trials_[c].end());
        return train(places, rung);
    }

    /// False when it was stopped and some of them are not known so far.
    bool train(std::vector<std::size_t> places, std::uint64_t rung) {
        std::erase_if(places, [&](std::size_t i) { return known_[i].ended || known_[i].failed || known_[i].values.size() >= rung; });
        advance(places, rung);
        return std::ranges::all_of(places, [&](std::size_t i) { return known_[i].ended || known_[i].failed || known_[i].values.size() >= rung; });
    }

    /// Trains them until `rung`, from where they are suspended.
    void advance(const std::vector<std::size_t>& places, std::uint64_t rung) {
        executor_.run(places.size(), [&](std::size_t k) {
            if (tools_.stopped()) return;
            std::optional<TrialSoFar> now = runner_.run(places[k], rung);
            if (!now) return;
            Known& known = known_[places[k]];
            const auto pruned_at = known.pruned_at;
            known = known_of(now->record, plan_.metric.name);
            if (!now->is_suspended) return tools_.put(places[k], std::move(now->record));
            known.ended = false;
            known.pruned_at = pruned_at;
        });
    }

    /// What is in the store as whole stays so; what was pruned, or is suspended, at another epoch is trained to this one. False when it was stopped.
    bool prune(const std::vector<std::size_t>& configurations, std::uint64_t rung) {
        std::vector<std::size_t> places;
        for (const std::size_t c : configurations)
            for (const std::size_t i : trials_[c])
                if (!is_settled(i, rung)) places.push_back(i);
        executor_.run(places.size(), [&](std::size_t k) {
            if (tools_.stopped()) return;
            std::optional<TrialSoFar> now = runner_.run(places[k], rung);
            if (!now) return;
            if (now->is_suspended) now->record.status = Status::pruned;
            known_[places[k]] = known_of(now->record, plan_.metric.name);
            tools_.put(places[k], std::move(now->record));
        });
        return std::ranges::all_of(places, [&](std::size_t i) { return is_settled(i, rung); });
    }

    /// Has it ended, if only because it is pruned at this epoch?
    bool is_settled(std::size_t place, std::uint64_t rung) const {
        const Known& known = known_[place];
        return known.ended || known.failed || known.pruned_at == rung;
    }

    /// Its seeds that were not begun; they are pruned after 0 epochs.
    void leave_out(std::size_t configuration) {
        for (const std::size_t i : trials_[configuration]) {
            if (is_settled(i, 0)) continue;
            Record record;
            record.status = Status::pruned;
            known_[i].pruned_at = 0;
            tools_.put(i, std::move(record));
        }
    }

    double cost(double value) const { return plan_.metric.maximize ? -value : value; }

    /// Of a trial that has ended before, what it counts with from there on.
    std::optional<double> cost_after(const Known& known, std::uint64_t epoch) const {
        if (known.failed || epoch == 0) return std::nullopt;
        if (epoch <= known.values.size()) return cost(static_cast<double>(known.values[epoch - 1]));
        if (known.counts_as) return cost(*known.counts_as);
        return known.values.empty() ? std::nullopt : std::optional(cost(static_cast<double>(known.values.back())));
    }

    /// What the study's metric would be if the run ended here.
    std::optional<double> score_after(const Known& known, std::uint64_t rung) const {
        if (plan_.metric.at == MetricSpec::At::epoch) return cost_after(known, std::min(rung, plan_.metric.epoch));
        if (plan_.metric.at == MetricSpec::At::final || has_diverged(known, rung)) return cost_after(known, rung);
        std::optional<double> best;
        for (std::uint64_t epoch = 1; epoch <= std::min<std::uint64_t>(rung, known.values.size()); ++epoch)
            if (const auto now = cost_after(known, epoch); now && (!best || *now < *best)) best = now;
        return best;
    }

    static bool has_diverged(const Known& known, std::uint64_t rung) { return known.counts_as && known.values.size() < rung; }

    template <class F>
    std::optional<double> mean_over_seeds(std::size_t configuration, F&& cost_of) const {
        double sum = 0;
        std::size_t n = 0;
        for (const std::size_t i : choosing(configuration))
            if (const std::optional<double> one = cost_of(known_[i]); one && std::isfinite(*one)) sum += *one, ++n;
        return n > 0 ? std::optional(sum / static_cast<double>(n)) : std::nullopt;
    }

    Standing standing(std::size_t configuration, std::uint64_t rung) const {
        const auto mean = mean_over_seeds(configuration, [&](const Known& known) { return score_after(known, rung); });
        const auto is_lost = [&](std::size_t i) { return known_[i].failed || has_diverged(known_[i], rung); };
        return {configuration, mean.value_or(unbounded), !mean || std::ranges::all_of(choosing(configuration), is_lost)};
    }

    const Plan& plan_;
    const Pruning& rule_;
    std::uint64_t epochs_;
    Executor& executor_;
    TrialRunner& runner_;
    const RungTools& tools_;
    std::vector<Known> known_;                      // of each trial of the plan; a task touches its own alone
    std::vector<std::vector<std::size_t>> trials_;  // of each configuration, in the order of seeds
};

}  // namespace

void run_rungs(const Plan& plan, std::uint64_t epochs, const Store& store, Executor& executor, TrialRunner& runner,
               const RungTools& tools) {
    Rungs(plan, epochs, store, executor, runner, tools).run();
}

}  // namespace etude
