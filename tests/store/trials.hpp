// tests/store/trials.hpp - trials to store.
#pragma once
#include <cmath>
#include <limits>
#include <string>

#include "store/store.hpp"

namespace etude::test {

inline StoredTrial plain_trial(const std::string& id, double accuracy) {
    Record record;
    record.curves = {{"train_loss", {1, 0.5F}, 0.5}, {"test_accuracy", {0.5F, static_cast<float>(accuracy)}, accuracy}};
    record.epoch_lr = {0.1, 0.1};
    record.last_lr = 0.1;
    record.epochs = 2;
    record.updates = 32;
    record.wall_seconds = 0.01;
    return {id, 3, "lr: 0.1\n", record, {"host", "cpu", "v3", "2.6.3", "g++", "0.1.0", "2026-11-21T08:00:00Z"}};
}

/// Every field is set, to what is hard to keep.
inline StoredTrial full_trial(const std::string& id) {
    using D = std::numeric_limits<double>;
    using F = std::numeric_limits<float>;
    Record record;
    record.status = Status::diverged;
    record.message = "学习 'quoted' \"twice\"\nand a second line";
    record.curves = {{"train_loss", {F::quiet_NaN(), F::infinity(), -0.0F, F::denorm_min(), 0.1F}, D::quiet_NaN()},
                     {"train_accuracy", {}, -0.0},
                     {"test_loss", {F::max()}, D::infinity()},
                     {"test_accuracy", {0.8200001F}, 0.1 + 0.2},
                     {"validation_loss", {1}, -D::infinity()},
                     {"validation_accuracy", {1}, D::denorm_min()},
                     {"test_rmse", {3}, -D::signaling_NaN()}};
    record.epoch_lr = {0.1, 1e-300, D::quiet_NaN(), -0.0};
    record.update_lr = {1.0 / 3, D::min(), D::max()};
    record.last_lr = 1e-7 / 3;
    record.epochs = 4;
    record.updates = (std::uint64_t{1} << 62) + 1;
    record.diverged_at = 0;
    record.counts_as = {{"train_loss", 1.0986122886681098}, {"test_accuracy", D::quiet_NaN()}};
    record.decision = DecisionMap{-1, 2.5, 0.1 + 0.2, -0.0, 3, 2, {0, 1, 2, 255, 1, 0}, "circle"};
    record.landscape = Landscape{{2, 2, 0.1 + 0.2}, {1e-300, -0.0, D::infinity(), D::quiet_NaN()}};
    record.wall_seconds = 1e-9;
    return {id, std::numeric_limits<std::uint64_t>::max(), "model: [dense: {units: 50}]\n", record,
            {"host", "cpu, \"quoted\"", "v4", "2.6.3", "g++ 12.2.0", "0.1.0", "2026-11-21T08:00:00Z"}};
}

}  // namespace etude::test
