// framework/train/record.hpp - what one trial leaves behind.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "train/landscape.hpp"

namespace etude {

enum class Status { completed, diverged, failed, pruned };
const std::string& status_word(Status status);
std::optional<Status> status_from_word(std::string_view word);

/// One metric over the epochs. Names: train_loss, train_accuracy, validation_*, test_*, or *_rmse for regression.
struct Curve {
    std::string metric;
    std::vector<float> values;  ///< one per finished epoch
    double final = 0;           ///< after the last epoch, in double
};

/// Which class a network of two inputs chooses where: a grid over the samples' bounding box, a twentieth wider on every side.
struct DecisionMap {
    double x_min = 0, x_max = 0, y_min = 0, y_max = 0;
    std::size_t columns = 0, rows = 0;
    std::vector<std::uint8_t> classes;           ///< [rows, columns], row 0 at y_min
    std::string samples;                         ///< names the samples in the store (Samples below)
};

/// The samples of a two-feature data set, for figures; kept once for each data set.
struct Samples {
    std::vector<float> x, y;
    std::vector<std::int32_t> labels;
};

struct Record {
    Status status = Status::completed;
    std::string message;                         ///< of a failed trial
    std::vector<Curve> curves;                   ///< in the order of metric_names()
    std::vector<double> epoch_lr;                ///< rate of the last update of each finished epoch
    std::vector<double> update_lr;               ///< of every update, when asked for
    double last_lr = 0;                          ///< of the last update made
    std::uint64_t epochs = 0;                    ///< finished
    std::uint64_t updates = 0;                   ///< made
    std::optional<std::uint64_t> diverged_at;    ///< update whose loss was not finite or too large
    /// For each metric, what the trial counts with if it diverged. A loss or rmse: that of the initialised network, before any update; an
    /// accuracy: the share of the most frequent class of that part. Training metrics are over the whole training part where it diverged, else
    /// over the first batch alone. Empty for range tests, and in stores of earlier versions where it did not diverge.
    std::vector<std::pair<std::string, double>> counts_as;
    std::optional<DecisionMap> decision;         ///< of the final weights, those that are evaluated; networks of two inputs that classify
    std::optional<Landscape> landscape;          ///< around the weights that are evaluated, when asked for
    double wall_seconds = 0;
    const Curve* find(std::string_view metric) const;
};

}  // namespace etude
