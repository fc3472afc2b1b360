// framework/train/instruments.hpp - what a trial measures of itself on request: `record: {norms: true, curvature: true, landscape: 2}`.
//
// Costs: norms three passes over the weights an update; curvature some dozens of gradients of `samples` samples an epoch.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "data/dataset.hpp"
#include "model/model.hpp"
#include "train/curvature.hpp"
#include "train/landscape.hpp"
#include "train/update_batch.hpp"

namespace etude {

struct InstrumentSpec {
    bool norms = false, curvature = false;
    std::optional<LandscapeSpec> landscape = {};  ///< of the trained network
    std::uint64_t samples = 1024;                 ///< training samples that curvature and landscape look at: the first, in whole batches
    bool any() const { return norms || curvature || landscape; }
    bool operator==(const InstrumentSpec&) const = default;
};
const Schema& instrument_schema();  ///< norms, curvature, landscape, points, span, samples
/// Of checked values.
InstrumentSpec instruments_of(const Values& values);

/// Curves that the instruments add behind the metrics, in this order: gradient_norm, update_norm, update_ratio (norms), curvature.
std::vector<std::string> instrument_names(const InstrumentSpec& spec);

/// Norms are Euclidean, over all weights, means over the updates of an epoch; the gradient as the optimizer gets it, an update the difference that
/// its step made, the ratio update over weights before it. Curvature is the Hessian's of the training loss at the epoch's last weights.
class Instruments {
  public:
    /// Model and part outlive it. `batch`: samples in a piece, as the model was made for.
    Instruments(const InstrumentSpec& spec, Model& model, const Part& train, bool classification, std::uint64_t batch, std::uint64_t seed);

    void begin_epoch();
    /// Around an optimizer's step.
    void before_step();
    void after_step();
    /// Of the epoch that ends, in the order of instrument_names().
    std::vector<double> finish_epoch();
    /// At the model's present weights; nothing where it was not asked for.
    std::optional<Landscape> landscape();

  private:
    InstrumentSpec spec_;
    Model& model_;
    std::uint64_t seed_;
    std::vector<std::uint32_t> rows_;
    UpdateBatch samples_;
    Curvature curvature_;
    std::vector<float> before_;  // the weights before the step
    double gradient_norms_ = 0, update_norms_ = 0, ratios_ = 0;
    std::uint64_t updates_ = 0;
};

}  // namespace etude
