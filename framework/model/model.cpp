#include "model/model.hpp"

#include <algorithm>
#include <thread>

#include "base/aligned.hpp"
#include "base/error.hpp"
#include "model/plan.hpp"

namespace etude {
namespace {

std::size_t weight_count(const std::vector<TensorInfo>& tensors) { return tensors.empty() ? 0 : tensors.back().offset + tensors.back().count; }

std::size_t largest(const Model::Sizes& sizes) {
    std::size_t most = 0;
    for (const auto* list : {&sizes.training, &sizes.evaluation})
        for (const std::size_t size : *list) most = std::max(most, size);
    return most;
}

InputShape output_shape(const ModelSpec& spec, InputShape shape) {
    for (const Component& layer : spec) shape = layer_type(layer.name)->output(layer.values, shape);
    return shape;
}

Targets targets_of(const TargetBatch& batch) { return {batch.labels, batch.values}; }
BatchResult result_of(const LossSums& sums) { return {sums.loss, sums.correct, sums.squared_error}; }

}  // namespace

struct Model::Impl {
    Impl(const ModelSpec& layers, const Component& loss_component, const InputShape& input_shape, const Sizes& sizes, std::uint64_t seed)
        : spec(layers),
          loss(loss_component),
          tensors(tensors_of(layers, input_shape)),
          outputs(output_shape(layers, input_shape).size()),
          features(input_shape.size()),
          input(round_to_lanes(largest(sizes) * features)),
          weights(weight_count(tensors)),
          gradients(weight_count(tensors)) {
        initialise(input_shape, seed);
        const Network network{spec, loss, input_shape, input.data(), weights.data(), gradients.data(), seed, &kernels_for(chosen_isa())};
        for (const std::size_t samples : sizes.training) training.emplace_back(network, samples, Pass::training);
        for (const std::size_t samples : sizes.evaluation) evaluation.emplace_back(network, samples, Pass::evaluation);
    }

    void initialise(InputShape shape, std::uint64_t seed) {
        std::size_t place = 0;  // of the tensor, in the whole model
        for (const Component& layer : spec) {
            const LayerType& type = *layer_type(layer.name);
            const std::size_t count = type.trainables(layer.values, shape).size();
            for (std::size_t i = 0; i < count; ++i, ++place) {
                Rng rng(seed, "init", place);
                type.initialise(layer.values, shape, i, rng, weights.data() + tensors[place].offset);
            }
            shape = type.output(layer.values, shape);
        }
    }

    Plan& plan(std::vector<Plan>& plans, std::size_t samples) {
        ETUDE_ASSERT(std::this_thread::get_id() == owner, "a model is used on a thread that did not make it");
        const auto found = std::ranges::find(plans, samples, &Plan::samples);
        ETUDE_ASSERT(found != plans.end(), "the model was not made for batches of " + std::to_string(samples));
        return *found;
    }

    std::thread::id owner = std::this_thread::get_id();
    ModelSpec spec;
    Component loss;
    std::vector<TensorInfo> tensors;
    std::size_t outputs, features;
    AlignedBuffer<float> input, weights, gradients;
    std::vector<Plan> training, evaluation;
};

Model::Model(const ModelSpec& spec, const Component& loss, const InputShape& input, const Sizes& sizes, std::uint64_t seed)
    : impl_(std::make_unique<Impl>(spec, loss, input, sizes, seed)) {}
Model::~Model() = default;

std::span<float> Model::weights() { return impl_->weights.span(); }
std::span<float> Model::gradients() { return impl_->gradients.span(); }
const std::vector<TensorInfo>& Model::tensors() const { return impl_->tensors; }
std::size_t Model::outputs() const { return impl_->outputs; }
float* Model::input() { return impl_->input.data(); }
std::size_t Model::input_stride() const { return impl_->features; }

BatchResult Model::train(const TargetBatch& targets, std::size_t samples, std::uint64_t update) {
    Plan& plan = impl_->plan(impl_->training, samples);
    plan.forward(update);
    const LossSums sums = plan.loss(targets_of(targets));
    plan.backward();
    return result_of(sums);
}

BatchResult Model::evaluate(const TargetBatch& targets, std::size_t samples) {
    Plan& plan = impl_->plan(impl_->evaluation, samples);
    plan.forward(0);
    return result_of(plan.loss(targets_of(targets)));
}

void Model::predict(std::size_t samples, float* outputs) {
    Plan& plan = impl_->plan(impl_->evaluation, samples);
    plan.forward(0);
    plan.copy_outputs(outputs);
}

std::vector<std::string> Model::kernels() const {
    std::vector<std::string> lines;
    for (const auto* plans : {&impl_->training, &impl_->evaluation})
        for (const Plan& plan : *plans) plan.describe(lines);
    std::vector<std::string> distinct;
    for (std::string& line : lines)
        if (std::ranges::find(distinct, line) == distinct.end()) distinct.push_back(std::move(line));
    return distinct;
}

}  // namespace etude
