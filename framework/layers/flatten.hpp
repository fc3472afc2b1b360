// framework/layers/flatten.hpp - `flatten`: an image becomes a vector, channel by channel, row by row. It moves nothing.
#pragma once
#include <memory>

#include "layers/layer.hpp"

namespace etude {

std::unique_ptr<LayerType> make_flatten();

}  // namespace etude
