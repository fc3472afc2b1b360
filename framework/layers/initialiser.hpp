// framework/layers/initialiser.hpp - how weights begin.
//
// With fan_in inputs and fan_out outputs of the tensor, as in Keras:
//   he_*      variance 2 / fan_in                   (He et al. 2015, eq. 10)
//   glorot_*  variance 2 / (fan_in + fan_out)       (Glorot & Bengio 2010, eq. 12 and 16)
//   lecun_*   variance 1 / fan_in                   (LeCun et al. 1998, sec. 4.6)
//   *_uniform     in [-limit, limit], limit = sqrt(3 variance)
//   *_normal      a normal distribution truncated at two of its standard deviations, widened so that what is left has the variance; PyTorch's
//                 he and glorot (kaiming_normal_, xavier_normal_) are not truncated
//   zeros, constant (the key init_value)
//   orthogonal    rows, or columns where they are fewer, are an orthonormal system (Saxe et al. 2014, arXiv:1312.6120)
#pragma once
#include <span>
#include <string_view>

#include "base/random.hpp"

namespace etude {

/// Fills `to` [fan_out, fan_in]. `name` is one of initialisers() (layers/catalogue.hpp); `value` is what `constant` sets.
void draw_initial(std::string_view name, double value, std::size_t fan_out, std::size_t fan_in, Rng& rng, float* to);

}  // namespace etude
