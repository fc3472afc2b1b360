// framework/study/path.hpp - dotted paths into a study ("model.0.dense.units"), and what is done with them: find, assign, merge.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "study/tree.hpp"

namespace etude {

/// Keys and list places from the outside in.
using Path = std::vector<std::string>;

/// Empty when `text` is no path ("", "a..b"). The keys of `schedules:` are paths themselves and one part each:
/// "schedules.optimizer.momentum.end" has three.
Path parse_path(std::string_view text);
std::string path_text(const Path& path);
/// Is `outer` the beginning of `inner` (or the same)?
bool contains(const Path& outer, const Path& inner);

/// What stands at `path`, or nullptr. A bare name (`loss: softmax_cross_entropy`) has its `name`.
const Node* find_at(const Node& root, const Path& path);

/// Why a value cannot be put at a path.
struct PathProblem {
    std::string message, hint;
};
/// Puts `value` at `path`; mappings that are not there yet are made, with `key_place`, where the path itself is written.
std::optional<PathProblem> assign_at(Node& root, const Path& path, Node value, const Place& key_place);

/// Mappings merge key by key, `over` wins, lists and scalars replace.
void merge_over(Node& base, Node over);

}  // namespace etude
