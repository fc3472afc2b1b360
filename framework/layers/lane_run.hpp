// framework/layers/lane_run.hpp - neighbouring layers of images that our own kernels do together, with 16 images in the lanes.
//
// Where the channels of a convolution do not fill oneDNN's vectors, images in the lanes are faster; the pools and activations behind it
// come along, and so do further such convolutions. 16 images pass all layers of a run before the next 16 begin, so that activations on the way
// forward and derivatives on the way back are met in the cache; rows become blocks of images at the run's ends only.
// A layer describes its part as values (LaneStep); bind_lane_run() makes one BoundLayer of all parts.
#pragma once
#include <memory>
#include <vector>

#include "layers/lane_step.hpp"
#include "layers/layer.hpp"

namespace etude {

/// Whether images in the lanes are faster for it than oneDNN. A pure function of the sizes, the number of samples not among them, so that a
/// sample has the same result in every batch.
bool prefers_lanes(const ConvSizes& sizes);
/// A run begins with a convolution that prefers lanes and goes on to the first one that does not, or to another layer that knows no lanes.
bool begins_run(const LaneStep& step);
bool continues_run(const LaneStep& step);

/// Source and destination, and their derivatives, in Layout::rows; weights and gradients of the run's first layer, the others' behind them.
std::unique_ptr<BoundLayer> bind_lane_run(const std::vector<LaneStep>& steps, const Binding& binding);

}  // namespace etude
