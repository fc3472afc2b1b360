// framework/study/argument.cpp - SPECs of the command line: a YAML flow mapping, or a name followed by `param=value`.
#include <algorithm>

#include "base/text.hpp"
#include "study/rate_table.hpp"
#include "study/rates.hpp"
#include "study/study.hpp"
#include "train/metrics.hpp"

namespace etude {
namespace {

/// The pieces between blanks, with the byte where each begins; blanks inside brackets and quotes do not count.
std::vector<std::pair<std::size_t, std::string>> words_of_spec(const std::string& spec) {
    std::vector<std::pair<std::size_t, std::string>> words;
    int depth = 0;
    char quote = 0;
    bool inside = false;
    for (std::size_t i = 0; i < spec.size(); ++i) {
        const char c = spec[i];
        const bool blank = depth == 0 && quote == 0 && (c == ' ' || c == '\t' || c == '\n');
        if (blank) {
            inside = false;
            continue;
        }
        if (!std::exchange(inside, true)) words.emplace_back(i, "");
        words.back().second += c;
        if (quote != 0)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '{' || c == '[')
            ++depth;
        else if (c == '}' || c == ']')
            --depth;
    }
    return words;
}

/// `cosine end=0.001 unit=epoch` as the mapping that it stands for.
Node mapping_of_words(const std::string& spec, const std::shared_ptr<const Source>& source, Diagnostics& diagnostics) {
    const auto place_of = [&](std::size_t byte) {
        return Place{source, 1, static_cast<int>(character_count(std::string_view(spec).substr(0, byte))) + 1};
    };
    Node mapping = mapping_node({source, 1, 1});
    for (const auto& [byte, word] : words_of_spec(spec)) {
        const std::size_t equals = word.find('=');
        if (mapping.entries.empty() && equals == std::string::npos) {
            mapping.entries.push_back({"name", place_of(byte), scalar_node(word, false, place_of(byte))});
            continue;
        }
        if (equals == std::string::npos || equals == 0) {
            diagnostics.error(place_of(byte), "'" + word + "' is not of the form `param=value`",
                              "`NAME param=value param=value`, or `{name: NAME, param: value}`");
            continue;
        }
        const std::string key = word.substr(0, equals);
        if (mapping.find_entry(key) != nullptr) diagnostics.error(place_of(byte), "'" + key + "' is given twice");
        auto value = parse_yaml({source, byte + equals + 1, word.size() - equals - 1}, diagnostics);
        if (!value) continue;
        if (value->is_null()) value->place = place_of(byte);
        mapping.entries.push_back({key, place_of(byte), std::move(*value)});
    }
    return mapping;
}

Node read_spec(const std::string& spec, Diagnostics& diagnostics) {
    const auto source = std::make_shared<Source>(Source{"argument '" + spec + "'", spec, true});
    Node mapping = mapping_node({source, 1, 1});
    if (trim(spec).empty()) {
        diagnostics.error(mapping.place, "nothing is named", "`NAME param=value`, or `{name: NAME, param: value}`");
        return mapping;
    }
    Node node = trim(spec).starts_with('{') ? parse_yaml({source}, diagnostics).value_or(mapping) : mapping_of_words(spec, source, diagnostics);
    fill_rate_tables(node, "", diagnostics);
    return node;
}

/// The spec that `read` made of `node`, or all errors.
template <class T>
T checked(std::optional<T> spec, const Diagnostics& diagnostics) {
    diagnostics.throw_if_any();
    ETUDE_ASSERT(spec.has_value(), "a SPEC was refused without a message");
    return std::move(*spec);
}

}  // namespace

ScheduleSpec read_schedule_argument(const std::string& spec, double base_lr, Registry& registry) {
    Diagnostics diagnostics;
    const Node node = read_spec(spec, diagnostics);
    diagnostics.throw_if_any();
    std::vector<std::string> metrics = metric_names(true, true, false);
    for (const auto& more : {metric_names(true, true, true), metric_names(false, true, true)})
        for (const std::string& metric : more)
            if (std::ranges::find(metrics, metric) == metrics.end()) metrics.push_back(metric);
    return checked(read_schedule(node, {base_lr, metrics, "test_loss"}, registry, Reading::resolved, diagnostics), diagnostics);
}

OptimizerSpec read_optimizer_argument(const std::string& spec, Registry& registry) {
    Diagnostics diagnostics;
    const Node node = read_spec(spec, diagnostics);
    diagnostics.throw_if_any();
    return checked(read_optimizer(node, registry, Reading::resolved, diagnostics), diagnostics);
}

Component read_data_argument(const std::string& spec) {
    Diagnostics diagnostics;
    const Node node = read_spec(spec, diagnostics);
    diagnostics.throw_if_any();
    return checked(read_data(node, Reading::resolved, diagnostics), diagnostics);
}

}  // namespace etude
