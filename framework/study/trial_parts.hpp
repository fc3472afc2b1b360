// framework/study/trial_parts.hpp - the parts of a trial as the assignments of a sweep make them, each read once for each tree.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "data/catalogue.hpp"
#include "study/part_trees.hpp"
#include "study/rate_finder.hpp"
#include "study/rates.hpp"

namespace etude {

/// One part under an assignment: empty after an error, which has been reported.
template <class T>
struct PartValue {
    std::size_t number = 0;                   ///< of its tree: equal numbers, equal values
    const PartTree* tree = nullptr;           ///< never null; lives as long as the reader
    const std::optional<T>* value = nullptr;  ///< likewise

    explicit operator bool() const { return value->has_value(); }
    const T& operator*() const { return **value; }
    const T* operator->() const { return &**value; }
};
/// A part whose values depend on other parts: whoever has those reads its tree. Here it is only empty when paths do not fit.
using UnreadPart = PartValue<std::monostate>;

struct DataPart {
    Component component;
    DatasetOutline outline;
};

struct TrialParts {
    PartValue<DataPart> data;
    PartValue<ModelSpec> model;
    PartValue<Component> loss;
    PartValue<TrainSpec> train;
    PartValue<OptimizerSpec> optimizer;  ///< with a rate of 1 where a range test is to find it
    UnreadPart schedule;
    UnreadPart schedules;
    UnreadPart groups;
    PartValue<std::optional<double>> divergence;
    PartValue<std::optional<RangeTestSpec>> range_test;
    PartValue<std::optional<EarlyStopSpec>> early_stop;
    PartValue<RecordSpec> record;
};

/// Metrics may be monitored although a part as written does not know which there are.
const std::vector<std::string>& every_metric();

class TrialPartsReader {
  public:
    /// Everything given outlives it.
    TrialPartsReader(const Node& root, const Grid& grid, Registry& registry, const DataPaths& paths, RateFinder& finder, Diagnostics& diagnostics);

    /// Checks the parts as written in the file, those that a sweep replaces included.
    void check_written();
    /// All parts are read, so that the errors of all are shown.
    TrialParts read(const Assignment& assignment);
    /// What the assignment puts at `path`, as written; nullptr when nothing stands there.
    const Node* written(const Assignment& assignment, const Path& path);

  private:
    template <class T>
    struct Part {
        PartTrees trees;
        std::map<std::size_t, std::optional<T>> values{};  // by number
    };

    template <class T, class F>
    PartValue<T> value_of(Part<T>& part, const Assignment& assignment, F&& read);
    template <class F>
    auto required(const char* name, F reader);
    template <class T, class F>
    static auto optional(F reader);
    const Node* required_part(const PartTree& tree, const std::string& name);
    std::optional<DataPart> read_data_part(const PartTree& tree);
    Node without_rate_request(const Node& optimizer);
    PartTrees* trees_of(std::string_view name);

    const Node& root_;
    Registry& registry_;
    const DataPaths& paths_;
    RateFinder& finder_;
    Diagnostics& diagnostics_;
    Part<DataPart> data_;
    Part<ModelSpec> model_;
    Part<Component> loss_;
    Part<TrainSpec> train_;
    Part<OptimizerSpec> optimizer_;
    Part<std::monostate> schedule_, schedules_, groups_;
    Part<std::optional<double>> divergence_;
    Part<std::optional<RangeTestSpec>> range_test_;
    Part<std::optional<EarlyStopSpec>> early_stop_;
    Part<RecordSpec> record_;
};

}  // namespace etude
