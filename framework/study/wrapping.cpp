#include "study/wrapping.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "study/given.hpp"
#include "study/typed.hpp"

namespace etude {
namespace {

std::string form_of(const Kind& kind) {
    if (kind.schema.empty()) return "`" + kind.name + ": true`";
    const Parameter& first = kind.schema.front();
    const Value example = std::holds_alternative<std::monostate>(first.fallback) ? Value{1.0} : first.fallback;
    return "`" + kind.name + ": {" + first.name + ": " + value_text(example) + "}`, as `etude describe " + kind.name + "` has it";
}

bool is_word(const Node& node, std::string_view word) { return node.is_scalar() && !node.quoted && node.text == word; }

}  // namespace

const std::vector<std::string>& WrappingReader::keys() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all;
        for (const Kind& kind : wrapper_kinds()) all.push_back(kind.name);
        return all;
    }();
    return names;
}

bool WrappingReader::take(const Entry& entry) {
    const Kind* kind = find_wrapper_kind(entry.key);
    if (kind == nullptr) return false;
    if (entry.value.is_null() || is_word(entry.value, "false")) return true;
    if (kind->name == "clip")
        take_clip(*kind, entry.value);
    else
        take_wrapper(*kind, entry.value);
    return true;
}

std::optional<Values> WrappingReader::read(const Kind& kind, const Node& node) {
    const auto plain = plain_parameter(kind.name);
    Node given = mapping_node(node.place);
    if (node.is_mapping())
        given = node;
    else if (node.is_scalar() && plain && !is_word(node, "true"))
        given.entries.push_back({*plain, node.place, node});
    else if (!is_word(node, "true")) {
        diagnostics_.error(node.place, kind.name + " is " + kind_name(node) + ", not a mapping", form_of(kind));
        return std::nullopt;
    }
    return read_mapping(given, kind.schema,
                        {.owner = kind.name, .host_key = {}, .more_keys = {}, .tolerate_missing = reading_ == Reading::as_written}, diagnostics_);
}

void WrappingReader::take_wrapper(const Kind& kind, const Node& node) {
    auto values = read(kind, node);
    if (!values) return void(good_ = false);
    if (kind.name == "accumulate" && values->integer("k") == 1) return;
    wrappers_.insert_or_assign(kind.name, Component{kind.name, std::move(*values)});
}

void WrappingReader::take_clip(const Kind& kind, const Node& node) {
    const auto fail = [this](const Place& place, const std::string& message, const std::string& hint) {
        diagnostics_.error(place, message, hint);
        good_ = false;
    };
    static const std::string forms = "`clip: {norm: 1}`, `clip: {value: 1}` or `clip: {adaptive: 0.01}`";
    if (!node.is_mapping()) return fail(node.place, "clip is " + kind_name(node) + ", not a mapping", forms);
    const auto values = read(kind, node);
    if (!values) good_ = false;
    const Entry* way = nullptr;
    for (const Entry& entry : node.entries) {
        if (entry.key != "norm" && entry.key != "value" && entry.key != "adaptive") continue;
        if (way != nullptr) fail(entry.key_place, "clip has both " + way->key + " and " + entry.key, "give one of them");
        way = &entry;
    }
    if (way == nullptr && values && reading_ == Reading::resolved) fail(node.place, "clip has no limit", forms);
    if (way == nullptr || !values || !good_) return;
    if (node.find("eps") != nullptr && way->key != "adaptive")
        fail(node.find_entry("eps")->key_place, "clip." + way->key + " has no 'eps'", "it belongs to `adaptive`");
    if (!values->has(way->key)) return;  // null
    const auto kind_of_clip = way->key == "norm" ? Clip::Kind::norm : way->key == "value" ? Clip::Kind::value : Clip::Kind::adaptive;
    clip_ = Clip{kind_of_clip, values->real(way->key), values->real("eps")};
}

bool WrappingReader::apply(const Node& part, const Plugin& plugin, OptimizerSpec& spec) {
    spec.clip = clip_;
    spec.wrappers.clear();
    for (const Kind& kind : wrapper_kinds())
        if (const auto found = wrappers_.find(kind.name); found != wrappers_.end()) spec.wrappers.push_back(found->second);
    const auto problem = wrapper_problem(plugin, spec);
    if (!problem) return true;
    report_problems(part, {*problem}, diagnostics_);
    return good_ = false;
}

}  // namespace etude
