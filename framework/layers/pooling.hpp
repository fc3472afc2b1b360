// framework/layers/pooling.hpp - max_pool, avg_pool: {kernel, stride, padding}; global_avg_pool.
#pragma once
#include <memory>

#include "layers/layer.hpp"

namespace etude {

std::unique_ptr<LayerType> make_max_pool();
std::unique_ptr<LayerType> make_avg_pool();
std::unique_ptr<LayerType> make_global_avg_pool();

}  // namespace etude
