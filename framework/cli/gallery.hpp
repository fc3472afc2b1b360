// framework/cli/gallery.hpp - every schedule in one figure.
#pragma once
#include <string>

#include "plugin/registry.hpp"

namespace etude::cli {

/// Small multiples, one for each schedule of `registry` by name, as `etude describe` draws them; a pointer resting on one sees how it was written.
/// An SVG without paper, in colours that can be read on light and on dark. Throws Error naming the schedule that cannot be drawn.
std::string gallery_svg(Registry& registry);

}  // namespace etude::cli
