// framework/layers/residual.hpp - residual: {body: [...], shortcut: [...], activation}.
#pragma once
#include <memory>

#include "layers/layer.hpp"

namespace etude {

std::unique_ptr<LayerType> make_residual();

}  // namespace etude
