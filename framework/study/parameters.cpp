#include "study/parameters.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "base/text.hpp"
#include "study/foreign.hpp"
#include "study/typed.hpp"

namespace etude {
namespace {

/// How W&B's distributions are said here.
struct Translated {
    const char* theirs;
    const char* ours;
    bool quantised;
};
constexpr std::array drawn{Translated{"uniform", "uniform", false},
                           Translated{"q_uniform", "uniform", true},
                           Translated{"int_uniform", "int_uniform", false},
                           Translated{"log_uniform_values", "log_uniform", false},
                           Translated{"inv_log_uniform_values", "log_uniform", false},  // of 1/x between 1/max and 1/min: the same
                           Translated{"q_log_uniform_values", "log_uniform", true}};
constexpr std::array exponential{"log_uniform", "q_log_uniform", "inv_log_uniform"};
constexpr std::array boundless{"normal", "q_normal", "log_normal", "q_log_normal", "beta", "q_beta"};

const std::vector<std::string>& distribution_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all{"constant", "categorical"};
        for (const Translated& one : drawn) all.emplace_back(one.theirs);
        return all;
    }();
    return names;
}

constexpr std::array foreign_block_keys{
    ForeignKey{"metric", "it is the study's: `metric: {name: test_loss}` beside `sweep:`"},
    ForeignKey{"early_terminate", "it is the study's: `hyperband: {eta: 3}`, `halving: {eta: 3}` or `median: {}` beside `sweep:`"},
    ForeignKey{"program", "a study names no program: its model, data and optimizer are the trial"},
    ForeignKey{"command", "a study names no program: its model, data and optimizer are the trial"},
    ForeignKey{"name", "it is the study's: `study: NAME`"},
    ForeignKey{"description", "it is the study's: `question: ...`"},
    ForeignKey{"project", "results stay in a folder: `--out DIR`"},
    ForeignKey{"entity", "results stay in a folder: `--out DIR`"}};

std::optional<double> plain_number(const Node* node) {
    return node != nullptr && node->is_scalar() && !node->quoted ? parse_real(node->text) : std::nullopt;
}

class Translator {
  public:
    Translator(SweepMethod method, Diagnostics& diagnostics) : method_(method), diagnostics_(diagnostics) {}

    void add_all(const Node& parameters, const std::string& prefix) {
        if (!parameters.is_mapping() || parameters.entries.empty())
            return error(parameters.place,
                         "parameters is " + (parameters.is_mapping() ? "empty" : kind_name(parameters)) + ", not a mapping of parameters",
                         "`parameters: {optimizer.lr: {values: [0.1, 0.01]}}`");
        for (const Entry& entry : parameters.entries) add(entry, prefix + entry.key);
    }

    std::vector<Entry> axes;

  private:
    void error(const Place& place, std::string message, std::string hint = "") { diagnostics_.error(place, std::move(message), std::move(hint)); }

    void add(const Entry& entry, const std::string& path) {
        const Node& node = entry.value;
        if (node.is_list())
            return error(node.place, "parameter '" + path + "' is a list",
                         "`{values: [...]}` to try them, `{value: [...]}` for a list that is one value");
        if (!node.is_mapping())
            return error(node.place, "parameter '" + path + "' is " + kind_name(node) + ", not a mapping", "`{value: " + flow_text(node) + "}`");
        if (const Node* nested = node.find("parameters")) {
            if (node.entries.size() > 1)
                return error(node.place, "parameter '" + path + "' has parameters of its own and other keys", "one or the other");
            return add_all(*nested, path + ".");
        }
        if (!keys_are_known(node, path)) return;
        if (auto value = translated(node, path)) axes.push_back({path, entry.key_place, std::move(*value)});
    }

    bool keys_are_known(const Node& node, const std::string& path) {
        static const std::vector<std::string> known{"values", "value", "min", "max", "distribution", "q", "parameters"};
        bool good = true;
        for (const Entry& entry : node.entries) {
            if (entry.key == "probabilities")
                error(entry.key_place, "parameter '" + path + "': etude draws all values alike, without 'probabilities'",
                      "a value that stands twice is drawn twice as often");
            else if (entry.key == "mu" || entry.key == "sigma")
                error(entry.key_place, "parameter '" + path + "': a distribution with '" + entry.key + "' has no bounds",
                      "`uniform` or `log_uniform_values` with min and max");
            else if (std::ranges::find(known, entry.key) == known.end() && entry.value.is_mapping())
                error(entry.key_place, "parameter '" + path + "' has no key '" + entry.key + "'",
                      "parameters of a parameter stand in `parameters:`: `" + path + ": {parameters: {" + entry.key + ": ...}}`, or `" + path + "." +
                          entry.key + ": ...`");
            else if (std::ranges::find(known, entry.key) == known.end())
                report_unknown_key(entry, "parameter '" + path + "'", known, diagnostics_);
            else
                continue;
            good = false;
        }
        return good;
    }

    std::optional<Node> translated(const Node& node, const std::string& path) {
        const Node *values = node.find("values"), *value = node.find("value"), *distribution = node.find("distribution");
        const Node *min = node.find("min"), *max = node.find("max");
        const int forms = (values != nullptr) + (value != nullptr) + (min != nullptr || max != nullptr);
        if (forms != 1) {
            error(node.place,
                  "parameter '" + path + "' has " + (forms == 0 ? "no values" : "more than one of `values`, `value`, and `min` with `max`"),
                  "`{values: [...]}`, `{value: x}` or `{min: lo, max: hi, distribution: log_uniform_values}`");
            return std::nullopt;
        }
        std::string name = values != nullptr ? "categorical" : value != nullptr ? "constant" : "";
        if (distribution != nullptr) {
            const auto word = read_word(*distribution, path + ".distribution", diagnostics_);
            if (!word || !is_allowed(*word, node, path, *distribution)) return std::nullopt;
            if (!name.empty() && name != *word) {
                error(distribution->place,
                      "parameter '" + path + "': `" + (values != nullptr ? "values" : "value") + "` is '" + name + "', not '" + *word + "'");
                return std::nullopt;
            }
            name = *word;
        }
        if (value != nullptr) return listed({*value}, node.place);
        if (values != nullptr) return categorical(*values, node, path);
        return range(node, name, path);
    }

    static Node listed(std::vector<Node> items, const Place& place) {
        Node list = list_node(place);
        list.items = std::move(items);
        return list;
    }

    std::optional<Node> categorical(const Node& values, const Node& node, const std::string& path) {
        if (!values.is_list()) {
            error(values.place, "values of '" + path + "' is " + kind_name(values) + ", not a list", "`{value: " + flow_text(values) + "}`");
            return std::nullopt;
        }
        if (method_ != SweepMethod::random) return listed(values.items, node.place);
        Node draw = mapping_node(node.place);
        draw.entries.push_back({"choice", values.place, values});
        return draw;
    }

    bool is_allowed(const std::string& name, const Node& node, const std::string& path, const Node& distribution) {
        const auto is_in = [&](const auto& names) { return std::ranges::find(names, name) != names.end(); };
        if (is_in(distribution_names())) return true;
        if (is_in(exponential)) {
            const auto min = plain_number(node.find("min")), max = plain_number(node.find("max"));
            error(distribution.place, "parameter '" + path + "': the bounds of W&B's '" + name + "' are exponents of e, not the values",
                  "`distribution: log_uniform_values` with the values themselves" +
                      (min && max ? fmt::format(": `min: {:.6g}, max: {:.6g}`", std::exp(*min), std::exp(*max)) : ""));
        } else if (is_in(boundless))
            error(distribution.place, "parameter '" + path + "': '" + name + "' has no bounds", "`uniform` or `log_uniform_values` with min and max");
        else
            error(distribution.place, "parameter '" + path + "': there is no distribution '" + name + "'", spelling_hint(name, distribution_names()));
        return false;
    }

    std::optional<Node> range(const Node& node, const std::string& name, const std::string& path) {
        const Node *min = node.find("min"), *max = node.find("max"), *q = node.find("q");
        if (min == nullptr || max == nullptr) {
            error(node.place, "parameter '" + path + "': '" + (min == nullptr ? "min" : "max") + "' is missing");
            return std::nullopt;
        }
        if (name.empty()) {
            error(node.place,
                  "parameter '" + path + "' has min and max and no distribution; W&B then draws whole numbers if both are whole, else any",
                  "say which: `distribution: uniform`, `int_uniform` or `log_uniform_values`");
            return std::nullopt;
        }
        if (method_ == SweepMethod::grid) {
            error(node.place, "parameter '" + path + "': `method: grid` draws nothing", "`values: [...]`, or `method: random`");
            return std::nullopt;
        }
        const auto one = std::ranges::find_if(drawn, [&](const Translated& t) { return name == t.theirs; });
        if (one == drawn.end()) {
            error(node.find("distribution")->place, "parameter '" + path + "': '" + name + "' has no min and max");
            return std::nullopt;
        }
        if (q != nullptr && !one->quantised) {
            error(q->place, "parameter '" + path + "': '" + name + "' has no 'q'", std::string("`distribution: q_") + name + "`");
            return std::nullopt;
        }
        Node draw = mapping_node(node.place);
        draw.entries.push_back({one->ours, node.place, listed({*min, *max}, node.place)});
        if (one->quantised) draw.entries.push_back({"step", node.place, q != nullptr ? *q : scalar_node("1", false, node.place)});
        return draw;
    }

    SweepMethod method_;
    Diagnostics& diagnostics_;
};

}  // namespace

std::optional<SweepMethod> read_sweep_method(const Node& node, Diagnostics& diagnostics) {
    if (node.is_scalar() && node.text == "grid") return SweepMethod::grid;
    if (node.is_scalar() && node.text == "random") return SweepMethod::random;
    const bool bayes = node.is_scalar() && node.text == "bayes";
    diagnostics.error(node.place, "method is " + (node.is_scalar() ? "'" + node.text + "'" : kind_name(node)) + ", not `grid` or `random`",
                      bayes ? "a study's trials are known before it runs; `halton:` covers a space evenly, `halving:` leaves out what is bad" : "");
    return std::nullopt;
}

bool refuse_foreign_block_key(const Entry& entry, Diagnostics& diagnostics) {
    const ForeignKey* found = find_foreign(foreign_block_keys, entry.key);
    if (found == nullptr) return false;
    diagnostics.error(entry.key_place, "'" + entry.key + "' of a W&B sweep has no place in a block", found->hint);
    return true;
}

std::vector<Entry> axes_of_parameters(const Node& parameters, SweepMethod method, Diagnostics& diagnostics) {
    Translator translator(method, diagnostics);
    translator.add_all(parameters, "");
    return std::move(translator.axes);
}

}  // namespace etude
