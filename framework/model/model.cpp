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

std::size_t state_count(const ModelSpec& spec, InputShape shape) {
    std::size_t count = 0;
    for (const Component& layer : spec) {
        const LayerType& type = require_layer_type(layer.name);
        count += type.state(layer, shape);
        shape = type.output(layer, shape);
    }
    return count;
}

InputShape output_shape(const ModelSpec& spec, InputShape shape) {
    for (const Component& layer : spec) shape = require_layer_type(layer.name).output(layer, shape);
    return shape;
}

/// The targets of `samples` samples from `first` on.
Targets part_of(const TargetBatch& batch, std::size_t first, std::size_t samples, std::size_t outputs) {
    if (batch.values.empty()) return {batch.labels.subspan(first, samples), {}};
    return {{}, batch.values.subspan(first * outputs, samples * outputs)};
}

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
          gradients(weight_count(tensors)),
          state(state_count(layers, input_shape)),
          kept_state(state.size()) {
        initialise(input_shape, seed);
        const Network network{spec, loss, input_shape, input.data(), {weights.data(), gradients.data(), state.data()}, seed,
                              &kernels_for(chosen_isa()), std::make_shared<Workspace>()};
        for (const std::size_t samples : sizes.training) training.emplace_back(network, samples, Pass::training);
        for (const std::size_t samples : sizes.evaluation) {
            const std::size_t chunk = chunk_of(spec, input_shape, samples);
            batches.push_back({samples, chunk});
            for (const std::size_t part : {chunk, samples % chunk})
                if (part > 0 && std::ranges::find(evaluation, part, &Plan::samples) == evaluation.end())
                    evaluation.emplace_back(network, part, Pass::evaluation);
        }
    }

    void initialise(InputShape shape, std::uint64_t seed) {
        std::size_t place = 0;  // of the tensor, in the whole model
        float* layer_state = state.data();
        for (const Component& layer : spec) {
            const LayerType& type = require_layer_type(layer.name);
            const std::size_t count = type.trainables(layer, shape).size();
            for (std::size_t i = 0; i < count; ++i, ++place) {
                Rng rng(seed, "init", place);
                type.initialise(layer, shape, i, rng, weights.data() + tensors[place].offset);
            }
            type.initialise_state(layer, shape, layer_state);
            layer_state += type.state(layer, shape);
            shape = type.output(layer, shape);
        }
    }

    /// Of `list`, the one for `samples`.
    template <class T> T& made_for(std::vector<T>& list, std::size_t samples) {
        ETUDE_ASSERT(std::this_thread::get_id() == owner, "a model is used on a thread that did not make it");
        const auto found = std::ranges::find_if(list, [&](const T& one) { return one.samples() == samples; });
        ETUDE_ASSERT(found != list.end(), "the model was not made for batches of " + std::to_string(samples));
        return *found;
    }

    /// Runs the samples of input() forward, piece by piece: `use(plan, first)` after each.
    template <class Use> void run(std::size_t samples, Use&& use) {
        const std::size_t chunk = made_for(batches, samples).chunk;
        for (std::size_t first = 0; first < samples; first += chunk) {
            Plan& plan = made_for(evaluation, std::min(chunk, samples - first));
            plan.read_from(input.data() + first * features);
            plan.forward(0);
            use(plan, first);
        }
    }

    /// A size that evaluate() and predict() may see, and the pieces it goes in.
    struct Batch {
        std::size_t size, chunk;
        std::size_t samples() const { return size; }
    };

    std::thread::id owner = std::this_thread::get_id();
    ModelSpec spec;
    Component loss;
    std::vector<TensorInfo> tensors;
    std::size_t outputs, features;
    AlignedBuffer<float> input, weights, gradients, state, kept_state;
    std::vector<Plan> training, evaluation;
    std::vector<Batch> batches;
};

Model::Model(const ModelSpec& spec, const Component& loss, const InputShape& input, const Sizes& sizes, std::uint64_t seed)
    : impl_(std::make_unique<Impl>(spec, loss, input, sizes, seed)) {}
Model::~Model() = default;

std::span<float> Model::weights() { return impl_->weights.span(); }
std::span<float> Model::gradients() { return impl_->gradients.span(); }
std::span<float> Model::buffers() { return impl_->state.span(); }
const std::vector<TensorInfo>& Model::tensors() const { return impl_->tensors; }
std::size_t Model::outputs() const { return impl_->outputs; }
float* Model::input() { return impl_->input.data(); }
std::size_t Model::input_stride() const { return impl_->features; }

BatchResult Model::train(const TargetBatch& targets, std::size_t samples, std::uint64_t update, RunningEstimates estimates) {
    const BatchResult result = forward(targets, samples, update, estimates);
    impl_->made_for(impl_->training, samples).backward();
    return result;
}

BatchResult Model::forward(const TargetBatch& targets, std::size_t samples, std::uint64_t update, RunningEstimates estimates) {
    Plan& plan = impl_->made_for(impl_->training, samples);
    if (estimates == RunningEstimates::keep) std::ranges::copy(impl_->state.span(), impl_->kept_state.data());
    plan.forward(update);
    if (estimates == RunningEstimates::keep) std::ranges::copy(impl_->kept_state.span(), impl_->state.data());
    const LossSums sums = plan.loss({targets.labels, targets.values});
    return {sums.loss, sums.correct, sums.squared_error};
}

BatchResult Model::evaluate(const TargetBatch& targets, std::size_t samples) {
    BatchResult result;
    impl_->run(samples, [&](Plan& plan, std::size_t first) {
        const LossSums sums = plan.loss(part_of(targets, first, plan.samples(), impl_->outputs));
        result.loss += sums.loss;
        result.correct += sums.correct;
        result.squared_error += sums.squared_error;
    });
    return result;
}

void Model::predict(std::size_t samples, float* outputs) {
    impl_->run(samples, [&](Plan& plan, std::size_t first) { plan.copy_outputs(outputs + first * impl_->outputs); });
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
