// framework/layers/initialiser.hpp - how weights begin.
//
// With fan_in inputs and fan_out outputs of the tensor, as in Keras (a convolution counts its kernel's area in both; groups only make fan_in less):
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

/// A tensor of weights as a matrix: a row for each output, a column for each number that the output is summed from. An input takes part in
/// `uses` sums of each row's kind: 1 in a dense layer, the kernel's area in a convolution.
struct WeightMatrix {
    std::size_t rows = 0, columns = 0, uses = 1;
    double fan_in() const { return static_cast<double>(columns); }
    double fan_out() const { return static_cast<double>(rows * uses); }
};

/// Fills `to` [rows, columns]. `name` is one of initialisers() (layers/catalogue.hpp); `value` is what `constant` sets.
void draw_initial(std::string_view name, double value, const WeightMatrix& matrix, Rng& rng, float* to);

}  // namespace etude
