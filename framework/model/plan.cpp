#include "model/plan.hpp"

namespace etude {

Plan::Plan(const Network& network, std::size_t samples, Pass pass)
    : samples_(samples), kernels_(network.kernels), input_(network.input), chain_(pass, network.workspace, {}) {
    const View rows = shaped(samples, network.input_shape, Layout::rows);
    Signal input{rows, rows};
    input.values.data = network.input;
    Ground ground{network.seed, network.kernels, network.parameters};
    outputs_ = chain_.bring_to(Layout::columns, chain_.append(network.layers, "", 0, input, ground), *kernels_);
    loss_ = loss_type(network.loss.name)->bind(network.loss.values, {outputs_.values, outputs_.diff, kernels_});
}

void Plan::read_from(float* input) {
    if (input == input_) return;
    chain_.read_from(input);
    input_ = input;
}

void Plan::copy_outputs(float* to) const {
    const View& y = outputs_.values;
    kernels_->transpose(y.data, y.stride, y.features, y.samples, to, y.features);
}

std::size_t chunk_of(const ModelSpec& layers, const InputShape& input, std::size_t samples) {
    constexpr std::size_t columns_piece = 128, image_piece = 64;  // 50 hidden units: 25 KB; 32 channels of 32x32: 8 MB
    InputShape shape = input;
    for (const Component& layer : layers) {
        const LayerType& type = require_layer_type(layer.name);
        if (!type.is_identity(layer, Pass::evaluation)) {
            if (is_image(shape)) return std::min(samples, image_piece);
            const std::size_t piece = std::min(samples, columns_piece);
            return type.layouts(layer, shape, piece, Layout::rows).src == Layout::columns ? piece : samples;
        }
        shape = type.output(layer, shape);
    }
    return samples;
}

}  // namespace etude
