#include "layers/catalogue.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "layers/activation_layer.hpp"
#include "layers/conv2d.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/flatten.hpp"
#include "layers/layer.hpp"
#include "layers/loss.hpp"
#include "layers/norms.hpp"
#include "layers/pooling.hpp"
#include "layers/residual.hpp"

namespace etude {
namespace {

/// Types sorted by name, and their kinds side by side.
template <class Type> struct Catalogue {
    std::vector<std::unique_ptr<Type>> types;
    std::vector<Kind> kinds;

    explicit Catalogue(std::vector<std::unique_ptr<Type>> made) : types(std::move(made)) {
        std::ranges::sort(types, {}, [](const auto& type) { return type->kind().name; });
        for (const auto& type : types) kinds.push_back(type->kind());
    }
    const Type* find(std::string_view name) const {
        const auto found = std::ranges::find(types, name, [](const auto& type) -> std::string_view { return type->kind().name; });
        return found == types.end() ? nullptr : found->get();
    }
    const Kind* find_kind(std::string_view name) const {
        const auto found = std::ranges::find(kinds, name, &Kind::name);
        return found == kinds.end() ? nullptr : &*found;
    }
};

const Catalogue<LayerType>& layer_catalogue() {
    static const Catalogue<LayerType> catalogue([] {
        std::vector<std::unique_ptr<LayerType>> types;
        types.push_back(make_conv2d());
        types.push_back(make_max_pool());
        types.push_back(make_avg_pool());
        types.push_back(make_global_avg_pool());
        types.push_back(make_batch_norm());
        types.push_back(make_layer_norm());
        types.push_back(make_residual());
        types.push_back(make_dense());
        types.push_back(make_dropout());
        types.push_back(make_flatten());
        for (const std::string& name : activations()) types.push_back(make_activation_layer(name));
        return types;
    }());
    return catalogue;
}

const Catalogue<LossType>& loss_catalogue() {
    static const Catalogue<LossType> catalogue([] {
        std::vector<std::unique_ptr<LossType>> types;
        types.push_back(make_softmax_cross_entropy());
        types.push_back(make_binary_cross_entropy());
        types.push_back(make_mean_squared_error());
        types.push_back(make_huber());
        return types;
    }());
    return catalogue;
}

}  // namespace

std::span<const Kind> layer_kinds() { return layer_catalogue().kinds; }
const Kind* find_layer_kind(std::string_view name) { return layer_catalogue().find_kind(name); }
const LayerType* layer_type(std::string_view name) { return layer_catalogue().find(name); }
const LayerType& require_layer_type(std::string_view name) {
    const LayerType* type = layer_type(name);
    ETUDE_ASSERT(type != nullptr, "no layer '" + std::string(name) + "'");
    return *type;
}
std::span<const Kind> loss_kinds() { return loss_catalogue().kinds; }
const Kind* find_loss_kind(std::string_view name) { return loss_catalogue().find_kind(name); }
const LossType* loss_type(std::string_view name) { return loss_catalogue().find(name); }

}  // namespace etude
