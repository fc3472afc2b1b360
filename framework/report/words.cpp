#include "report/words.hpp"

#include <algorithm>
#include <set>

#include "base/rounded.hpp"

namespace etude {

std::string spaced(const std::string& name) {
    std::string text = name;
    std::ranges::replace(text, '_', ' ');
    return text;
}

std::string capital(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::string file_word(const std::string& name) {
    std::string word;
    for (const char c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        word += plain ? c : '-';
    }
    return word;
}

std::string label_of(const Plan& plan, std::size_t configuration) {
    const std::string& label = plan.configurations[configuration].label;
    return label.empty() ? plan.study : label;
}

std::vector<std::string> shown_cells(const Plan& plan, std::size_t column) {
    std::vector<std::string> exact, shown;
    for (const Configuration& configuration : plan.configurations) {
        exact.push_back(configuration.cells[column]);
        shown.push_back(rounded_text(exact.back()));
    }
    const auto distinct = [](const std::vector<std::string>& texts) { return std::set<std::string>(texts.begin(), texts.end()).size(); };
    return distinct(shown) < distinct(exact) ? exact : shown;
}

std::string metric_words(const MetricSpec& metric) {
    const std::string words = spaced(metric.name);
    if (metric.at == MetricSpec::At::best) return "best " + words;
    if (metric.at == MetricSpec::At::epoch) return words + " after epoch " + std::to_string(metric.epoch);
    return "final " + words;
}

}  // namespace etude
