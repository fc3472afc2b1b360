// framework/cli/targets.hpp - what `etude run` and `etude plan` are pointed at.
#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "train/plan.hpp"

namespace etude::cli {

struct StudyTarget {
    std::filesystem::path file;    ///< the study to read
    std::filesystem::path folder;  ///< its results
    bool resumes = false;          ///< the file is the results' own resolved.yaml
};

/// A file is a study; a folder with results is its own study; any other folder stands for the studies below it in the order of their paths
/// (files that begin with `_` are fragments for `include` and are left out). Throws Error when there is nothing.
std::vector<StudyTarget> find_targets(const std::filesystem::path& target, const std::filesystem::path& out);

/// The name that `study:` gives, read without judging the file: only to name the folder of results.
std::string study_name(const std::filesystem::path& file);

/// The finished trials in `folder`, with a rule those that it has ended too; none when there are no results yet.
std::set<std::string> done_trials(const std::filesystem::path& folder, const Plan& plan);

}  // namespace etude::cli
