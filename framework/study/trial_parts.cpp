#include "study/trial_parts.hpp"

#include "study/groups.hpp"
#include "study/parameter_schedules.hpp"
#include "train/metrics.hpp"

namespace etude {
namespace {

/// How a part that every study has is written.
std::string example_of(std::string_view part) {
    if (part == "data") return "data: {name: blobs}";
    if (part == "model") return "model: [{dense: {units: 50, activation: relu}}, {dense: {units: 3}}]";
    if (part == "loss") return "loss: softmax_cross_entropy";
    if (part == "train") return "train: {epochs: 30, batch: 32}";
    ETUDE_ASSERT(part == "optimizer", "no other part must be there");
    return "optimizer: {name: sgd, lr: 0.01}";
}

}  // namespace

const std::vector<std::string>& every_metric() {
    static const std::vector<std::string> metrics = [] {
        std::vector<std::string> all = metric_names(true, true, true);
        for (const std::string& metric : metric_names(false, true, true))
            if (metric.ends_with("_rmse")) all.push_back(metric);
        return all;
    }();
    return metrics;
}

TrialPartsReader::TrialPartsReader(const Node& root, const Grid& grid, Registry& registry, const DataPaths& paths, RateFinder& finder,
                                   Diagnostics& diagnostics)
    : root_(root),
      registry_(registry),
      paths_(paths),
      finder_(finder),
      diagnostics_(diagnostics),
      data_{{"data", root, grid}},
      model_{{"model", root, grid}},
      loss_{{"loss", root, grid}},
      train_{{"train", root, grid}},
      optimizer_{{"optimizer", root, grid}},
      schedule_{{"schedule", root, grid}},
      schedules_{{"schedules", root, grid}},
      groups_{{"groups", root, grid}},
      divergence_{{"divergence", root, grid}},
      range_test_{{"range_test", root, grid}},
      early_stop_{{"early_stop", root, grid}},
      record_{{"record", root, grid}} {}

PartTrees* TrialPartsReader::trees_of(std::string_view name) {
    for (PartTrees* trees : {&data_.trees, &model_.trees, &loss_.trees, &train_.trees, &optimizer_.trees, &schedule_.trees, &schedules_.trees,
                             &groups_.trees, &divergence_.trees, &range_test_.trees, &early_stop_.trees, &record_.trees})
        if (trees->name() == name) return trees;
    return nullptr;
}

void TrialPartsReader::check_written() {
    const auto part = [&](const char* name) {
        const Node* node = root_.find(name);
        return node == nullptr || node->is_null() ? nullptr : node;
    };
    const Reading as_written = Reading::as_written;
    if (const Node* node = part("data")) read_data(*node, as_written, diagnostics_);
    if (const Node* node = part("model")) read_model(*node, as_written, diagnostics_);
    if (const Node* node = part("loss")) read_loss(*node, as_written, diagnostics_);
    if (const Node* node = part("train")) read_train(*node, as_written, diagnostics_);
    if (const Node* node = part("optimizer")) read_optimizer(without_rate_request(*node), registry_, as_written, diagnostics_);
    if (const Node* node = part("schedule"))
        read_schedule(finder_.without_requests(*node), {1, every_metric()}, registry_, as_written, diagnostics_);
    if (const Node* node = part("schedules")) check_written_schedules(*node, {1, every_metric()}, registry_, diagnostics_);
    if (const Node* node = part("groups")) check_written_groups(*node, diagnostics_);
    if (const Node* node = part("divergence")) read_divergence(*node, diagnostics_);
    if (const Node* node = part("range_test")) read_range_test(*node, diagnostics_);
    if (const Node* node = part("early_stop")) read_early_stop(*node, as_written, diagnostics_);
    if (const Node* node = part("record")) read_record(*node, diagnostics_);
}

const Node* TrialPartsReader::written(const Assignment& assignment, const Path& path) {
    PartTrees* trees = trees_of(path.front());
    return trees == nullptr ? nullptr : find_at(trees->tree(trees->number_of(assignment)).root, path);
}

/// The part under this assignment: read when it is first asked for, then remembered.
template <class T, class F>
PartValue<T> TrialPartsReader::value_of(Part<T>& part, const Assignment& assignment, F&& read) {
    const std::size_t number = part.trees.number_of(assignment);
    const PartTree& tree = part.trees.tree(number);
    const auto [found, is_new] = part.values.try_emplace(number);
    if (is_new) {
        for (const auto& [place, problem] : tree.problems) diagnostics_.error(place, problem.message, problem.hint);
        if (tree.problems.empty()) found->second = read(tree);
    }
    return {number, &tree, &found->second};
}

/// A reader of trees of a part that must be there.
template <class F>
auto TrialPartsReader::required(const char* name, F reader) {
    return [this, name, reader](const PartTree& tree) {
        const Node* node = required_part(tree, name);
        return node == nullptr ? decltype(reader(*node)){} : reader(*node);
    };
}

/// Of one that need not: it is then a T{}.
template <class T, class F>
auto TrialPartsReader::optional(F reader) {
    return [reader](const PartTree& tree) { return tree.part == nullptr ? std::optional(T{}) : reader(*tree.part); };
}

const Node* TrialPartsReader::required_part(const PartTree& tree, const std::string& name) {
    if (tree.part == nullptr)
        diagnostics_.error(root_.place, "'" + name + "' is missing", "`" + example_of(name) + "`, for instance");
    else if (tree.part->is_null())
        diagnostics_.error(tree.place, "'" + name + "' has no value");
    else
        return tree.part;
    return nullptr;
}

std::optional<DataPart> TrialPartsReader::read_data_part(const PartTree& tree) {
    const Node* node = required_part(tree, "data");
    auto component = node == nullptr ? std::nullopt : read_data(*node, Reading::resolved, diagnostics_);
    if (!component) return std::nullopt;
    try {
        const DatasetOutline outline = outline_dataset(*component, paths_);
        return DataPart{std::move(*component), outline};
    } catch (const Error& failure) {
        diagnostics_.error(tree.place, failure.what(), failure.hint());
        return std::nullopt;
    }
}

/// The optimizer with a 1 where its rate is asked for; elsewhere a request is a wrong value.
Node TrialPartsReader::without_rate_request(const Node& optimizer) {
    Node node = optimizer;
    if (Node* lr = node.is_mapping() ? node.find("lr") : nullptr) *lr = finder_.without_requests(*lr);
    return node;
}

TrialParts TrialPartsReader::read(const Assignment& assignment) {
    const auto resolved = [this](auto reader) { return [this, reader](const Node& node) { return reader(node, Reading::resolved, diagnostics_); }; };
    const auto optimizer = [this](const Node& node) {
        return read_optimizer(without_rate_request(node), registry_, Reading::resolved, diagnostics_);
    };
    const auto checked = [this](auto reader) { return [this, reader](const Node& node) { return reader(node, diagnostics_); }; };
    const auto unread = [](const PartTree&) { return std::optional(std::monostate{}); };
    return {.data = value_of(data_, assignment, [this](const PartTree& tree) { return read_data_part(tree); }),
            .model = value_of(model_, assignment, required("model", resolved(read_model))),
            .loss = value_of(loss_, assignment, required("loss", resolved(read_loss))),
            .train = value_of(train_, assignment, required("train", resolved(read_train))),
            .optimizer = value_of(optimizer_, assignment, required("optimizer", optimizer)),
            .schedule = value_of(schedule_, assignment, unread),
            .schedules = value_of(schedules_, assignment, unread),
            .groups = value_of(groups_, assignment, unread),
            .divergence = value_of(divergence_, assignment, optional<std::optional<double>>(checked(read_divergence))),
            .range_test = value_of(range_test_, assignment, optional<std::optional<RangeTestSpec>>(checked(read_range_test))),
            .early_stop = value_of(early_stop_, assignment, optional<std::optional<EarlyStopSpec>>(resolved(read_early_stop))),
            .record = value_of(record_, assignment, optional<RecordSpec>(checked(read_record)))};
}

}  // namespace etude
