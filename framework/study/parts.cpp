#include "study/parts.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "data/catalogue.hpp"
#include "layers/catalogue.hpp"
#include "study/typed.hpp"

namespace etude {
namespace {

/// What a part calls its kinds, and which there are.
struct KindTable {
    std::string what;  ///< "data set"
    std::span<const Kind> kinds;
};

const Kind* find_kind(const KindTable& table, const Node& name, Diagnostics& diagnostics) {
    const auto found = std::ranges::find(table.kinds, name.text, &Kind::name);
    if (found != table.kinds.end()) return &*found;
    std::vector<std::string> names;
    for (const Kind& kind : table.kinds) names.push_back(kind.name);
    diagnostics.error(name.place, "there is no " + table.what + " '" + name.text + "'", spelling_hint(name.text, names));
    return nullptr;
}

std::optional<Component> read_component(const Node& node, const std::string& key, const KindTable& table, Reading reading, Diagnostics& diagnostics) {
    const Node* name = name_of(node, key, reading, diagnostics);
    const Kind* kind = name == nullptr ? nullptr : find_kind(table, *name, diagnostics);
    if (kind == nullptr) return std::nullopt;
    MappingRules rules;
    rules.owner = table.what + " '" + kind->name + "'";
    rules.host_key = [](const Entry& entry) { return entry.key == "name"; };
    rules.tolerate_missing = reading == Reading::as_written;
    auto values = read_mapping(node, kind->schema, rules, diagnostics);
    if (!values) return std::nullopt;
    return Component{kind->name, std::move(*values)};
}

std::optional<ModelSpec> read_layers(const Node& node, const std::string& what, Reading reading, Diagnostics& diagnostics);

/// The lists that a layer holds besides its values; false after an error.
bool read_lists(const Node& keys, const Kind& kind, Component& layer, Reading reading, Diagnostics& diagnostics) {
    bool good = true;
    for (const std::string& name : kind.lists) {
        const Node* list = keys.find(name);
        if (list == nullptr || list->is_null()) continue;
        auto items = read_layers(*list, kind.name + "." + name, reading, diagnostics);
        good = good && items;
        if (items) layer.lists.push_back({name, std::move(*items)});
    }
    return good;
}

/// `- flatten`, `- dense: {units: 50}`, `- dropout:`; the keys are empty for the first and the last.
std::optional<Component> read_layer(const Node& node, Reading reading, Diagnostics& diagnostics) {
    const KindTable table{"layer", layer_kinds()};
    const Node empty = mapping_node(node.place);
    const Node* keys = &empty;
    Node name = node;
    if (node.is_mapping()) {
        if (node.entries.size() != 1) {
            const Place& place = node.entries.empty() ? node.place : node.entries[1].key_place;
            diagnostics.error(place, "a layer is one name with its keys, not " + std::to_string(node.entries.size()),
                              "`- dense: {units: 50}`; the keys are indented below the name");
            return std::nullopt;
        }
        name = scalar_node(node.entries[0].key, false, node.entries[0].key_place);
        if (!node.entries[0].value.is_null()) keys = &node.entries[0].value;
    } else if (!node.is_scalar()) {
        diagnostics.error(node.place, "a layer is a name with its keys, not " + kind_name(node), "`- dense: {units: 50}` or `- flatten`");
        return std::nullopt;
    }
    const Kind* kind = find_kind(table, name, diagnostics);
    if (kind == nullptr) return std::nullopt;
    MappingRules rules;
    rules.owner = "layer '" + kind->name + "'";
    rules.tolerate_missing = reading == Reading::as_written;
    if (!keys->is_mapping()) {
        diagnostics.error(keys->place, rules.owner + " has keys, not " + kind_name(*keys), "`- " + kind->name + ": {key: value}`");
        return std::nullopt;
    }
    rules.more_keys = kind->lists;
    rules.host_key = [&](const Entry& entry) { return std::ranges::find(kind->lists, entry.key) != kind->lists.end(); };
    auto values = read_mapping(*keys, kind->schema, rules, diagnostics);
    Component layer{kind->name, {}};
    const bool lists_are_good = read_lists(*keys, *kind, layer, reading, diagnostics);
    if (!values || !lists_are_good) return std::nullopt;
    layer.values = std::move(*values);
    return layer;
}

std::optional<ModelSpec> read_layers(const Node& node, const std::string& what, Reading reading, Diagnostics& diagnostics) {
    if (!node.is_list()) {
        diagnostics.error(node.place, what + " is " + kind_name(node) + ", not a list of layers",
                          "`" + what.substr(what.find('.') + 1) + ":` and, on lines of their own, `- dense: {units: 50}`");
        return std::nullopt;
    }
    if (node.items.empty()) {
        diagnostics.error(node.place, what + " has no layers");
        return std::nullopt;
    }
    ModelSpec layers;
    bool good = true;
    for (const Node& item : node.items) {
        auto layer = read_layer(item, reading, diagnostics);
        if (layer)
            layers.push_back(std::move(*layer));
        else
            good = false;
    }
    return good ? std::optional(std::move(layers)) : std::nullopt;
}

/// A mapping of the host with declared keys; null stands for one without keys.
/// `form`: how it is written, for a hint.
bool is_mapping_of(const Node& node, const std::string& what, const std::string& form, Diagnostics& diagnostics) {
    if (node.is_mapping()) return true;
    diagnostics.error(node.place, what + " is " + kind_name(node) + ", not a mapping", "`" + what + ": {" + form + "}`");
    return false;
}

}  // namespace

const Node* name_of(const Node& part, const std::string& what, Reading reading, Diagnostics& diagnostics) {
    if (part.is_scalar()) return &part;
    if (!part.is_mapping()) {
        diagnostics.error(part.place, what + " is " + kind_name(part) + ", not a mapping", "`" + what + ": {name: ...}`");
        return nullptr;
    }
    const Node* name = part.find("name");
    if (name == nullptr) {
        if (reading == Reading::resolved) diagnostics.error(part.place, "'" + what + ".name' is missing", "`" + what + ": {name: ...}`; `etude list` shows what there is");
        return nullptr;
    }
    if (name->is_scalar()) return name;
    diagnostics.error(name->place, what + ".name is " + kind_name(*name) + ", not a name");
    return nullptr;
}

std::optional<Component> read_data(const Node& node, Reading reading, Diagnostics& diagnostics) {
    return read_component(node, "data", {"data set", dataset_kinds()}, reading, diagnostics);
}

std::optional<Component> read_loss(const Node& node, Reading reading, Diagnostics& diagnostics) {
    return read_component(node, "loss", {"loss", loss_kinds()}, reading, diagnostics);
}

std::optional<ModelSpec> read_model(const Node& node, Reading reading, Diagnostics& diagnostics) {
    return read_layers(node, "model", reading, diagnostics);
}

std::optional<TrainSpec> read_train(const Node& node, Reading reading, Diagnostics& diagnostics) {
    if (!is_mapping_of(node, "train", "epochs: 30, batch: 32", diagnostics)) return std::nullopt;
    MappingRules rules;
    rules.owner = "train";
    rules.tolerate_missing = true;  // reported below, in the words of the design
    if (reading == Reading::resolved)
        for (const Parameter& parameter : train_schema())
            if (parameter.required && node.find(parameter.name) == nullptr)
                diagnostics.error(node.place, "'train." + parameter.name + "' is missing");
    const auto values = read_mapping(node, train_schema(), rules, diagnostics);
    if (!values) return std::nullopt;
    const auto count = [&](const char* key) { return static_cast<std::uint64_t>(values->integer(key)); };
    return TrainSpec{.epochs = count("epochs"), .batch = count("batch"), .drop_last = values->flag("drop_last"), .threads = count("threads"),
                     .checkpoint = count("checkpoint")};
}

std::optional<std::optional<double>> read_divergence(const Node& node, Diagnostics& diagnostics) {
    static const Schema schema{optional(real("loss_above", 0, above(0), "Also diverged when a batch's mean loss exceeds this."))};
    if (node.is_null()) return std::optional<double>{};
    if (!is_mapping_of(node, "divergence", "loss_above: 1000", diagnostics)) return std::nullopt;
    MappingRules rules;
    rules.owner = "divergence";
    const auto values = read_mapping(node, schema, rules, diagnostics);
    if (!values) return std::nullopt;
    return values->has("loss_above") ? std::optional(values->real("loss_above")) : std::nullopt;
}

std::optional<std::optional<RangeTestSpec>> read_range_test(const Node& node, Diagnostics& diagnostics) {
    if (node.is_null()) return std::optional<RangeTestSpec>{};
    if (!is_mapping_of(node, "range_test", "from: 1e-6, to: 10", diagnostics)) return std::nullopt;
    MappingRules rules;
    rules.owner = "range_test";
    const auto values = read_mapping(node, range_test_schema(), rules, diagnostics);
    if (!values) return std::nullopt;
    const RangeTestSpec test = range_test_of(*values);
    if (test.to > test.from) return test;
    diagnostics.error(node.place, "range_test: the rates go from " + number(test.from) + " to " + number(test.to), "`to` must lie above `from`");
    return std::nullopt;
}

std::optional<std::optional<EarlyStopSpec>> read_early_stop(const Node& node, Reading reading, Diagnostics& diagnostics) {
    if (node.is_null()) return std::optional<EarlyStopSpec>{};
    if (!is_mapping_of(node, "early_stop", "patience: 5", diagnostics)) return std::nullopt;
    MappingRules rules;
    rules.owner = "early_stop";
    rules.tolerate_missing = reading == Reading::as_written;
    const auto values = read_mapping(node, early_stop_schema(), rules, diagnostics);
    if (!values) return std::nullopt;
    return early_stop_of(*values);
}

const Schema& record_schema() {
    static const Schema schema = [] {
        Schema all{choice("lr", "epoch", {"epoch", "update"}, "How often the rate is recorded.")};
        all.insert(all.end(), instrument_schema().begin(), instrument_schema().end());
        return all;
    }();
    return schema;
}

std::optional<RecordSpec> read_record(const Node& node, Diagnostics& diagnostics) {
    if (node.is_null()) return RecordSpec{};
    if (!is_mapping_of(node, "record", "lr: update", diagnostics)) return std::nullopt;
    MappingRules rules;
    rules.owner = "record";
    const auto values = read_mapping(node, record_schema(), rules, diagnostics);
    if (!values) return std::nullopt;
    return RecordSpec{values->word("lr") == "update", instruments_of(*values)};
}

}  // namespace etude
