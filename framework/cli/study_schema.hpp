// framework/cli/study_schema.hpp - studies as a JSON Schema (draft 7), for completion and hover in editors.
#pragma once
#include "cli/json_schema.hpp"
#include "plugin/registry.hpp"

namespace etude::cli {

/// Made of the declared tables of data sets, layers, losses, training and of every plugin of `registry`. It refuses unknown keys, names and
/// words, wrong types and numbers outside their ranges; what hangs together (a sweep's paths, lengths that do not fit) stays with `etude run`.
Json study_schema(Registry& registry);

}  // namespace etude::cli
