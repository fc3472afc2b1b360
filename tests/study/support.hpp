// tests/study/support.hpp - small studies in a folder of their own.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "study/study.hpp"
#include "support/temporary_folder.hpp"

namespace etude::test {

inline Registry plugins() { return Registry::scan({ETUDE_BINARY_DIR "/plugins"}); }

/// A whole study but for `optimizer`, `schedule`, `seeds` and `sweep`, which a test gives.
inline const std::string network =
    "study: small\n"
    "data: {name: blobs, samples: 100, centers: 3, features: 2, train: 50}\n"
    "model:\n"
    "  - dense: {units: 5, activation: relu}\n"
    "  - dense: {units: 3}\n"
    "loss: softmax_cross_entropy\n"
    "train: {epochs: 4, batch: 10}\n";
inline const std::string sgd = "optimizer: {name: sgd, lr: 0.1}\n";

inline Study read_text(const std::string& yaml, const std::vector<std::string>& overrides = {}) {
    const TemporaryFolder folder;
    Registry registry = plugins();
    return Study::read(folder.write("study.yaml", yaml), registry, {overrides, DataPaths::standard()});
}

/// What is wrong with a study, with its folder taken out of the text; "" when nothing is.
inline std::string errors_of(const std::string& yaml, const std::vector<std::string>& overrides = {}) {
    const TemporaryFolder folder;
    Registry registry = plugins();
    try {
        Study::read(folder.write("study.yaml", yaml), registry, {overrides, DataPaths::standard()});
        return "";
    } catch (const Error& error) {
        std::string text = error.what();
        const std::string prefix = folder.path().string() + "/";
        for (std::size_t at = 0; (at = text.find(prefix, at)) != std::string::npos;) text.erase(at, prefix.size());
        return text;
    }
}

inline std::vector<std::string> ids_of(const Study& study) {
    std::vector<std::string> ids;
    for (const PlannedTrial& trial : study.plan().trials) ids.push_back(trial.id);
    return ids;
}

/// "0.1,2|0.01,2": the cells of each configuration.
inline std::string cells_of(const Study& study) {
    std::string text;
    for (const Configuration& configuration : study.plan().configurations) {
        if (!text.empty()) text += "|";
        for (std::size_t i = 0; i < configuration.cells.size(); ++i) text += (i > 0 ? "," : "") + configuration.cells[i];
    }
    return text;
}

inline std::string labels_of(const Study& study) {
    std::string text;
    for (const Configuration& configuration : study.plan().configurations) text += (text.empty() ? "" : "|") + configuration.label;
    return text;
}

}  // namespace etude::test
