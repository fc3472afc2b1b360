#include "train/instruments.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/isa.hpp"
#include "wrappers/kernels.hpp"

namespace etude {
namespace {

constexpr std::int64_t most_points = 201;

double norm(std::span<const float> v) {
    double squares = 0;
    detail::run_for(chosen_isa(), [&] { squares = detail::sum_of_squares(v.data(), v.size()); });
    return std::sqrt(squares);
}

/// The first samples of the part in whole batches, since the network's primitives are made for those: one at least.
std::vector<std::uint32_t> looked_at(std::uint64_t samples, std::uint64_t batch, std::size_t count) {
    const std::uint64_t piece = std::min<std::uint64_t>(batch, count), wanted = std::min<std::uint64_t>(samples, count);
    std::vector<std::uint32_t> rows(std::max<std::uint64_t>(wanted / piece, 1) * piece);
    std::iota(rows.begin(), rows.end(), 0u);
    return rows;
}

}  // namespace

const Schema& instrument_schema() {
    static const Schema schema{
        flag("norms", false, "Norms of gradients and updates and the ratio of update to weights, as means over each epoch's updates."),
        flag("curvature", false, "The largest eigenvalue of the Hessian of the training loss after each epoch."),
        integer("landscape", 0, closed(0, 2), "Dimensions of a slice of the training loss around the trained weights; 0: none."),
        integer("points", 25, closed(3, most_points), "Points of the slice along each of its dimensions."),
        real("span", 1, above(0), "How far the slice reaches on either side; 1: as far as each output's weights are long."),
        integer("samples", 1024, closed(1, 1 << 30), "Training samples that curvature and landscape look at: the first, in whole batches.")};
    return schema;
}

InstrumentSpec instruments_of(const Values& values) {
    InstrumentSpec spec{.norms = values.flag("norms"), .curvature = values.flag("curvature")};
    if (const std::int64_t dimensions = values.integer("landscape"); dimensions > 0)
        spec.landscape = LandscapeSpec{static_cast<std::size_t>(dimensions), static_cast<std::size_t>(values.integer("points")), values.real("span")};
    if (spec.curvature || spec.landscape) spec.samples = static_cast<std::uint64_t>(values.integer("samples"));
    return spec;
}

std::vector<std::string> instrument_names(const InstrumentSpec& spec) {
    std::vector<std::string> names;
    if (spec.norms) names = {"gradient_norm", "update_norm", "update_ratio"};
    if (spec.curvature) names.emplace_back("curvature");
    return names;
}

Instruments::Instruments(const InstrumentSpec& spec, Model& model, const Part& train, bool classification, std::uint64_t batch, std::uint64_t seed)
    : spec_(spec), model_(model), seed_(seed), rows_(looked_at(spec.samples, batch, train.count())),
      samples_(model, train, classification, {.batch = batch, .count = (rows_.size() + batch - 1) / batch}, spec.curvature || spec.landscape),
      curvature_(spec.curvature ? model.weights().size() : 0), before_(spec.norms ? model.weights().size() : 0) {
    samples_.look_at(rows_, 0, {.seed = seed, .epoch = 0});
}

void Instruments::begin_epoch() {
    gradient_norms_ = update_norms_ = ratios_ = 0;
    updates_ = 0;
}

void Instruments::before_step() {
    if (!spec_.norms) return;
    gradient_norms_ += norm(model_.gradients());
    std::ranges::copy(model_.weights(), before_.begin());
}

void Instruments::after_step() {
    if (!spec_.norms) return;
    const std::span<const float> after = model_.weights();
    double squares = 0;
    detail::run_for(chosen_isa(), [&squares, w = after.data(), before = before_.data(), n = after.size()] {
        squares = detail::lane_sum(n, [&](std::size_t i) {
            const double moved = static_cast<double>(w[i]) - static_cast<double>(before[i]);
            return moved * moved;
        });
    });
    const double update = std::sqrt(squares), weights = norm(before_);
    update_norms_ += update;
    ratios_ += weights > 0 ? update / weights : 0;
    ++updates_;
}

std::vector<double> Instruments::finish_epoch() {
    std::vector<double> values;
    const auto updates = static_cast<double>(std::max<std::uint64_t>(updates_, 1));
    if (spec_.norms) values = {gradient_norms_ / updates, update_norms_ / updates, ratios_ / updates};
    if (spec_.curvature) values.push_back(curvature_.largest_eigenvalue(samples_, model_.weights(), seed_));
    return values;
}

std::optional<Landscape> Instruments::landscape() {
    if (!spec_.landscape) return std::nullopt;
    return loss_slice(samples_, model_.weights(), model_.tensors(), *spec_.landscape, seed_);
}

}  // namespace etude
