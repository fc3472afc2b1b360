#include "cli/spec_words.hpp"

namespace etude::cli {

std::vector<std::string> join_specs(const std::vector<std::string>& words) {
    std::vector<std::string> specs;
    for (const std::string& word : words) {
        const bool is_parameter = !word.starts_with('{') && word.find('=') != std::string::npos;
        if (is_parameter && !specs.empty() && !specs.back().starts_with('{')) specs.back() += " " + word;
        else specs.push_back(word);
    }
    return specs;
}

}  // namespace etude::cli
