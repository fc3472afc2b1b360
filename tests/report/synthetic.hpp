// tests/report/synthetic.hpp - made-up results that look like a study's: to test and to look at reports without training.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "store/store.hpp"

namespace etude::test {

struct Synthetic {
    std::vector<double> rates{1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7};
    std::size_t seeds = 10, epochs = 200;
    bool decisions = true;
};

inline Provenance synthetic_provenance() {
    return {"studio", "Imaginary CPU 3000", "x86-64-v4", "2.6.3", "g++ 12.2.0", "0.1.0", "2026-11-21T08:00:00Z"};
}

inline Plan synthetic_plan(const Synthetic& study) {
    Plan plan{"blobs-learning-rate", "Which learning rates let a small MLP learn at all?", {}, {}, {"optimizer.lr"}, {}, {},
              {"train_loss", "train_accuracy", "test_loss", "test_accuracy"}, {}};
    for (std::size_t c = 0; c < study.rates.size(); ++c) {
        const std::string rate = rate_text(study.rates[c]);
        plan.configurations.push_back({{rate}, "lr = " + rate, "optimizer: {name: sgd, lr: " + rate + "}\n"});
        for (std::uint64_t seed = 0; seed < study.seeds; ++seed) plan.trials.push_back({hex(hash_bytes(rate + "/" + std::to_string(seed))), seed, c});
    }
    return plan;
}

/// Three classes around three centres, cut by straight lines that lie the worse the lower the accuracy.
inline DecisionMap synthetic_decision(double accuracy) {
    DecisionMap map{-12, 10, -12, 12, 100, 100, {}, "blobs"};
    for (std::size_t row = 0; row < map.rows; ++row) {
        for (std::size_t column = 0; column < map.columns; ++column) {
            const double x = map.x_min + 0.22 * (static_cast<double>(column) + 0.5), y = map.y_min + 0.24 * (static_cast<double>(row) + 0.5);
            const double turn = 3 * (0.83 - accuracy);
            const double u = x * std::cos(turn) - y * std::sin(turn), v = x * std::sin(turn) + y * std::cos(turn);
            map.classes.push_back(v > 0 ? 0 : u > -2 ? 1 : 2);
        }
    }
    return map;
}

inline Samples synthetic_samples() {
    Samples samples;
    Rng rng(7, "samples");
    const double centres[3][2] = {{-1, 4}, {2, -6}, {-8, -4}};
    for (int i = 0; i < 500; ++i) {
        samples.x.push_back(static_cast<float>(centres[i % 3][0] + 2 * rng.normal()));
        samples.y.push_back(static_cast<float>(centres[i % 3][1] + 2 * rng.normal()));
        samples.labels.push_back(i % 3);
    }
    return samples;
}

/// Learning is fast at 0.1 and 0.01, never happens below 1e-5, and oscillates at 1; there every fourth seed diverges.
inline Record synthetic_record(const Synthetic& study, double rate, std::uint64_t seed) {
    Rng rng(seed, "synthetic", static_cast<std::uint64_t>(-std::log10(rate) * 10));
    Record record;
    const double pace = std::min(1.0, 40 * rate), noise = rate >= 0.5 ? 0.06 : 0.006, top = rate >= 0.5 ? 0.6 : 0.82 + 0.01 * rng.normal();
    const double start = 0.34 + 0.03 * rng.normal();
    const bool diverges = rate >= 0.5 && seed % 4 == 3;
    const std::size_t epochs = diverges ? study.epochs / 5 : study.epochs;
    record.curves = {{"train_loss", {}, 0}, {"train_accuracy", {}, 0}, {"test_loss", {}, 0}, {"test_accuracy", {}, 0}};
    for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
        const double learned = 1 - std::exp(-pace * (static_cast<double>(epoch) + 0.5));
        for (int part = 0; part < 2; ++part) {
            const double accuracy = std::clamp(start + (top - start) * learned + noise * rng.normal() - 0.01 * part, 0.0, 1.0);
            const double loss = std::exp(std::log(4.0) * (1 - learned) + std::log(0.42) * learned + 2 * noise * rng.normal()) + 0.02 * part;
            const std::size_t at = static_cast<std::size_t>(part) * 2;
            record.curves[at].values.push_back(static_cast<float>(record.curves[at].final = loss));
            record.curves[at + 1].values.push_back(static_cast<float>(record.curves[at + 1].final = accuracy));
        }
        record.epoch_lr.push_back(rate);
    }
    record.epochs = epochs;
    record.updates = epochs * 16;
    record.last_lr = rate;
    record.wall_seconds = 0.011 + 0.001 * rng.uniform();
    if (diverges) {
        record.status = Status::diverged;
        record.diverged_at = record.updates++;
        record.counts_as = {{"train_loss", 4}, {"train_accuracy", 0.342}, {"test_loss", 4.02}, {"test_accuracy", 0.338}};
    }
    if (study.decisions) record.decision = synthetic_decision(record.curves[3].final);
    return record;
}

inline StoredTrial synthetic_trial(const Synthetic& study, const Plan& plan, std::size_t place) {
    const PlannedTrial& planned = plan.trials[place];
    return {planned.id, planned.seed, plan.configurations[planned.configuration].resolved,
            synthetic_record(study, study.rates[planned.configuration], planned.seed), synthetic_provenance()};
}

/// The whole study in `folder`.
inline void fill(Store& store, const Synthetic& study, const Plan& plan) {
    store.put_plan(plan);
    if (study.decisions) store.put_samples("blobs", synthetic_samples());
    for (std::size_t i = 0; i < plan.trials.size(); ++i) store.put(synthetic_trial(study, plan, i));
}

}  // namespace etude::test
