#include "cli/targets.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "store/store.hpp"

namespace etude::cli {
namespace {

namespace fs = std::filesystem;

bool is_study_file(const fs::path& file) {
    const std::string extension = file.extension().string();
    return (extension == ".yaml" || extension == ".yml") && !file.filename().string().starts_with('_') && !file.filename().string().starts_with('.');
}

std::vector<fs::path> studies_below(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && is_study_file(entry.path())) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

}  // namespace

std::string study_name(const fs::path& file) {
    for (const std::string& line : split(read_file(file), '\n')) {
        if (!line.starts_with("study:")) continue;
        std::string name(trim(std::string_view(line).substr(6)));
        name = std::string(trim(name.substr(0, name.find(" #"))));
        std::erase_if(name, [](char c) { return c == '"' || c == '\''; });
        if (!name.empty() && name.find('/') == std::string::npos && name.front() != '.') return name;
    }
    return file.stem().string();
}

std::vector<StudyTarget> find_targets(const fs::path& target, const fs::path& out) {
    if (!fs::exists(target)) throw Error(target.string() + ": there is no such file or folder", "a study is a YAML file; `experiments/` has many");
    if (!fs::is_directory(target)) return {{.file = target, .folder = out.empty() ? fs::path("runs") / study_name(target) : out}};
    if (fs::exists(target / "etude.sqlite")) {
        if (!out.empty() && !fs::equivalent(fs::absolute(target), fs::absolute(out)))
            throw Error(target.string() + " is a folder of results: --out cannot name another", "give the study file to start anew elsewhere");
        return {{.file = target / "resolved.yaml", .folder = target, .resumes = true}};
    }
    std::vector<StudyTarget> targets;
    for (const fs::path& file : studies_below(target))
        targets.push_back({.file = file, .folder = (out.empty() ? fs::path("runs") : out) / study_name(file)});
    if (targets.empty()) throw Error(target.string() + ": there is no study in this folder", "a study is a file that ends in .yaml");
    return targets;
}

std::set<std::string> done_trials(const fs::path& folder, const Plan& plan) {
    if (!fs::exists(folder / "etude.sqlite")) return {};
    const Store store = Store::open(folder, Store::Access::read, plan.study);
    std::set<std::string> done = store.ids();
    if (plan.pruning) done.merge(store.pruned_ids());
    return done;
}

}  // namespace etude::cli
