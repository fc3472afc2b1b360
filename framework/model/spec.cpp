#include "model/spec.hpp"

#include "base/error.hpp"
#include "layers/layer.hpp"
#include "layers/loss.hpp"

namespace etude {

std::optional<ModelProblem> check_model(const ModelSpec& model, const Component& loss, const InputShape& input, std::size_t classes) {
    InputShape shape = input;
    for (std::size_t i = 0; i < model.size(); ++i) {
        const LayerType& type = require_layer_type(model[i].name);
        if (auto misfit = type.misfit(model[i], shape)) {
            std::vector<std::string> way = std::move(misfit->inside);
            way.insert(way.begin(), std::to_string(i));
            return ModelProblem{std::move(way), misfit->message, misfit->hint};
        }
        shape = type.output(model[i], shape);
    }
    const LossType* type = loss_type(loss.name);
    ETUDE_ASSERT(type != nullptr, "no loss '" + loss.name + "'");
    const std::vector<std::string> last = {std::to_string(model.empty() ? 0 : model.size() - 1)};
    if (tensors_of(model, input).empty()) return ModelProblem{last, "the model has no weights to train", "add a `dense` layer"};
    if (auto misfit = type->misfit(shape.size(), classes)) return ModelProblem{last, misfit->message, misfit->hint};
    return std::nullopt;
}

std::vector<TensorInfo> tensors_of(const ModelSpec& model, const InputShape& input) {
    std::vector<TensorInfo> tensors;
    InputShape shape = input;
    std::size_t offset = 0;
    for (std::size_t i = 0; i < model.size(); ++i) {
        const LayerType& type = require_layer_type(model[i].name);
        for (const Trainable& t : type.trainables(model[i], shape)) {
            tensors.push_back({std::to_string(i) + "." + model[i].name + "." + t.name, offset, t.count(), t.dims, t.role, t.groups});
            offset += t.count();
        }
        shape = type.output(model[i], shape);
    }
    return tensors;
}

}  // namespace etude
