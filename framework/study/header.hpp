// framework/study/header.hpp - what a study says about itself and its trials as a whole: name, question, seeds, metric, target.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "study/tree.hpp"
#include "train/plan.hpp"

namespace etude {

struct Header {
    std::string study, question;
    std::vector<std::uint64_t> seeds{0};
    std::size_t tune_seeds = 0;        ///< so many of `seeds`, from the front, are for choosing and the others for reporting; 0: not split
    std::optional<MetricSpec> metric;  ///< as far as it is given: an empty name is the default
    bool has_goal = false;
    std::optional<TargetSpec> target;
    Place metric_place, epoch_place, target_place;
};

/// What seed number `place` is for.
SeedRole seed_role(const Header& header, std::size_t place);

/// Also reports keys that no study has.
Header read_header(const Node& root, Diagnostics& diagnostics);

/// The metric, its defaults worked out: test_accuracy up or test_rmse down, of the test part or else of the validation or training part.
MetricSpec resolved_metric(const Header& header, const std::vector<std::string>& recorded);
/// Errors when a trial with these metrics and epochs cannot yield what the header asks for.
void check_header(const Header& header, const MetricSpec& metric, const std::vector<std::string>& recorded, std::uint64_t epochs,
                  Diagnostics& diagnostics);
/// Errors of metrics that no trial whatever records; for studies whose trials have errors of their own.
void check_header_names(const Header& header, Diagnostics& diagnostics);

}  // namespace etude
