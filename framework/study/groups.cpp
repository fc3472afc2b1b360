#include "study/groups.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "study/given.hpp"
#include "study/typed.hpp"
#include "train/groups.hpp"

namespace etude {
namespace {

const char* const form = "`groups: [{match: bias, lr_scale: 2}, {layers: [0, 1], weight_decay: 0}]`";

bool is_list(const Node& node, Diagnostics& diagnostics) {
    if (node.is_list()) return true;
    diagnostics.error(node.place, "groups is " + kind_name(node) + ", not a list of groups", form);
    return false;
}

/// Reads one group and remembers whether all of it was good.
class GroupReader {
  public:
    GroupReader(const Node& item, std::size_t place, Diagnostics& diagnostics)
        : item_(item), name_("groups[" + std::to_string(place) + "]"), diagnostics_(diagnostics) {}

    bool is_mapping() {
        if (item_.is_mapping()) return true;
        fail(item_.place, name_ + " is " + kind_name(item_) + ", not a mapping", form);
        return false;
    }

    /// False when the key is the optimizer's business.
    bool take(const Entry& entry) {
        if (entry.key == "match") return take_match(entry.value), true;
        if (entry.key == "layers") return take_layers(entry.value), true;
        if (entry.key == "lr_scale") {
            const auto scale = read_real(entry.value, name_ + ".lr_scale", at_least(0), diagnostics_);
            good_ = good_ && scale.has_value();
            group_.lr_scale = scale.value_or(1);
            return true;
        }
        if (entry.key != "lr") return false;
        fail(entry.key_place, "a group has no rate of its own", "`lr_scale: 2` multiplies the rate that `optimizer.lr` and `schedule` give");
        return true;
    }

    std::optional<ParameterGroup> read(const OptimizerSpec& optimizer, const Plugin& plugin) {
        if (!is_mapping()) return std::nullopt;
        static const std::vector<std::string> keys{"match", "layers", "lr_scale"};
        const auto given = read_given(item_, &plugin, [&](const Entry& entry) { return take(entry); }, keys, diagnostics_);
        if (good_ && group_.match.empty() && group_.layers.empty())
            fail(item_.place, name_ + " does not say which tensors it means", "`match: bias` (words of their names) or `layers: [0, 1]`");
        if (!given || !good_ || !resolve(*given, optimizer, plugin)) return std::nullopt;
        return std::move(group_);
    }

  private:
    void fail(const Place& place, const std::string& message, const std::string& hint) {
        diagnostics_.error(place, message, hint);
        good_ = false;
    }

    void take_match(const Node& node) {
        if (node.is_null()) return;
        const std::vector<Node> one{node};
        const std::vector<Node>& words = node.is_list() ? node.items : one;
        if (words.empty()) fail(node.place, name_ + ".match is empty", "a word of the tensors' names, or a list of such: `match: [bias, shift]`");
        for (const Node& item : words) {
            const auto word = read_word(item, name_ + ".match", diagnostics_);
            good_ = good_ && word.has_value();
            if (word) group_.match.push_back(*word);
        }
    }

    void take_layers(const Node& node) {
        if (node.is_null()) return;
        if (!node.is_list() || node.items.empty())
            return fail(node.place, name_ + ".layers is " + (node.is_list() ? "empty" : kind_name(node)) + ", not a list of layers",
                        "`layers: [0, 1]`: places in the model, counted from 0");
        for (const Node& item : node.items) {
            const auto layer = read_integer(item, name_ + ".layers", closed(0, 1e6), diagnostics_);
            good_ = good_ && layer.has_value();
            group_.layers.push_back(static_cast<std::uint64_t>(layer.value_or(0)));
        }
    }

    /// The whole configuration is checked: what the group gives over what the optimizer has.
    bool resolve(const std::vector<GivenValue>& given, const OptimizerSpec& optimizer, const Plugin& plugin) {
        std::vector<GivenValue> all = given;
        const auto is_given = [&](const std::string& name) {
            return std::ranges::any_of(given, [&](const GivenValue& value) { return value.key == name || value.key == name + "_ratio"; });
        };
        for (const auto& [name, value] : optimizer.values.entries())
            if (!is_given(name) && !std::holds_alternative<std::monostate>(value)) all.push_back({name, value});
        const auto resolution = resolve_optimizer(plugin, "", optimizer.lr, all);
        if (report_problems(item_, resolution.problems, diagnostics_)) return false;
        for (const Parameter& parameter : plugin.description.schema)
            if (is_given(parameter.name)) group_.values.set(parameter.name, *resolution.spec.values.find(parameter.name));
        return true;
    }

    const Node& item_;
    const std::string name_;
    Diagnostics& diagnostics_;
    ParameterGroup group_;
    bool good_ = true;
};

}  // namespace

std::optional<std::vector<ParameterGroup>> read_groups(const Node& node, const OptimizerSpec& optimizer, Registry& registry,
                                                       Diagnostics& diagnostics) {
    std::vector<ParameterGroup> groups;
    if (node.is_null()) return groups;
    if (!is_list(node, diagnostics)) return std::nullopt;
    const Plugin& plugin = registry.require(PluginKind::optimizer, optimizer.name);
    if (plugin.global && !node.items.empty()) {
        diagnostics.error(node.place, "optimizer '" + optimizer.name + "' sums over all weights: groups of them cannot be stepped on their own",
                          "another optimizer, or no `groups:`");
        return std::nullopt;
    }
    if (plugin.probes && !node.items.empty()) {
        diagnostics.error(node.place,
                          "optimizer '" + optimizer.name + "' looks at other weights, at all of them at once: groups cannot be stepped on their own",
                          "another optimizer, or no `groups:`");
        return std::nullopt;
    }
    bool good = true;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        auto group = GroupReader(node.items[i], i, diagnostics).read(optimizer, plugin);
        if (group)
            groups.push_back(std::move(*group));
        else
            good = false;
    }
    return good ? std::optional(std::move(groups)) : std::nullopt;
}

void check_written_groups(const Node& node, Diagnostics& diagnostics) {
    if (!is_list(node, diagnostics)) return;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        GroupReader reader(node.items[i], i, diagnostics);
        if (!reader.is_mapping()) continue;
        for (const Entry& entry : node.items[i].entries) reader.take(entry);
    }
}

bool check_groups(const Node& node, const std::vector<ParameterGroup>& groups, const std::vector<TensorInfo>& tensors, Diagnostics& diagnostics) {
    std::vector<std::string> names;
    for (const TensorInfo& tensor : tensors) names.push_back(tensor.name);
    const std::string there_are = "its tensors: " + join(names, ", ");
    std::vector<std::size_t> owners(tensors.size(), groups.size());
    bool good = true;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const std::string name = "groups[" + std::to_string(g) + "]";
        const auto fail = [&](const std::string& message, const std::string& hint) {
            diagnostics.error(node.items[g].place, name + message, hint);
            good = false;
        };
        const auto none = [&](const auto& predicate) { return std::ranges::none_of(tensors, predicate); };
        bool is_known = true;
        for (const std::string& word : groups[g].match)
            if (none([&](const TensorInfo& tensor) { return matches(word, tensor); }))
                fail(": '" + word + "' matches no tensor of the model", there_are), is_known = false;
        for (const std::uint64_t layer : groups[g].layers)
            if (none([&](const TensorInfo& tensor) { return is_of_layer(layer, tensor); }))
                fail(": layer " + std::to_string(layer) + " has no tensor", there_are), is_known = false;
        if (is_known && none([&](const TensorInfo& tensor) { return is_in(groups[g], tensor); })) fail(" matches no tensor of the model", there_are);
        for (std::size_t t = 0; t < tensors.size(); ++t) {
            if (!is_in(groups[g], tensors[t])) continue;
            if (owners[t] < groups.size())
                fail(" matches '" + tensors[t].name + "', which is in groups[" + std::to_string(owners[t]) + "]", "a tensor is in one group at most");
            else
                owners[t] = g;
        }
    }
    return good;
}

}  // namespace etude
