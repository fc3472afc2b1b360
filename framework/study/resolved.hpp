// framework/study/resolved.hpp - resolved.yaml: a study with every default filled in.
#pragma once
#include <string>
#include <vector>

#include "study/common.hpp"
#include "study/header.hpp"

namespace etude {

/// It reads back as the same trials. `root`: the study as written; `notes` become comments at its head.
std::string resolved_study(const Node& root, const Plan& plan, const Header& header, const CommonTree& common, const std::vector<std::string>& notes);

}  // namespace etude
