// framework/study/common.hpp - what the trials of a study have in common, for resolved.yaml.
//
// A resolved study must read back as the same trials under the same sweep. Values that all trials share can be written out, defaults
// included; where trials differ (a rate that follows a swept base, the parameters of a swept optimizer) what the study wrote stays.
#pragma once
#include <optional>

#include "study/tree.hpp"

namespace etude {

class CommonTree {
  public:
    /// `resolved`: a trial's parts (trial_node).
    void add(const Node& resolved);
    /// The study's parts, every shared value filled in.
    Node over(const Node& written) const;

  private:
    std::optional<Node> common_;  ///< a value that differs is left as a null node
};

}  // namespace etude
