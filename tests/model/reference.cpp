#include "layers/reference.hpp"

#include <boost/test/unit_test.hpp>

#include "layers/builders.hpp"
#include "model/spec.hpp"

namespace {

using namespace etude;
using namespace etude::test;

/// Central differences of the mean loss against the reference's own gradient.
void check_gradient(const ModelSpec& model, const Component& loss_used, const ReferenceBatch& batch, const std::string& what) {
    const InputShape shape = batch.shape.size() > 0 ? batch.shape : InputShape{batch.inputs.size() / batch.samples, 1, 1};
    const auto tensors = tensors_of(model, shape);
    Numbers weights(tensors.back().offset + tensors.back().count);
    Rng rng(5, "weights");
    for (double& w : weights) w = 0.5 * rng.normal();
    const Reference at = reference(model, loss_used, batch, weights);
    double seen = 0;
    std::size_t i = 0;
    for (; i < weights.size(); ++i) {
        const double step = 1e-5, kept = weights[i];
        weights[i] = kept + step;
        const double above = reference(model, loss_used, batch, weights).loss;
        weights[i] = kept - step;
        const double below = reference(model, loss_used, batch, weights).loss;
        weights[i] = kept;
        seen = (above - below) / (2 * step) / static_cast<double>(batch.samples);
        if (!(std::abs(seen - at.gradient[i]) <= 1e-6 * (1 + std::abs(seen)))) break;
    }
    BOOST_TEST(i == weights.size(), what << ": gradient " << i << " is " << at.gradient[i] << ", finite differences say " << seen);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(the_reference)

BOOST_AUTO_TEST_CASE(has_the_gradient_that_finite_differences_see_for_every_activation) {
    for (const std::string& name : activations()) {
        check_gradient({dense(4, name), dense(3)}, loss("softmax_cross_entropy"), random_batch(7, 3, 3, 1), "dense with " + name);
        check_gradient({dense(4), layer(name), dense(3)}, loss("softmax_cross_entropy"), random_batch(7, 3, 3, 2), name);
    }
}

BOOST_AUTO_TEST_CASE(has_the_gradient_that_finite_differences_see_for_every_loss) {
    const ModelSpec one = {dense(4, "tanh"), dense(1)};
    check_gradient({dense(4, "tanh"), dense(5)}, loss("softmax_cross_entropy", 0.1), random_batch(7, 3, 5, 3), "label smoothing");
    check_gradient(one, loss("binary_cross_entropy"), random_batch(7, 3, 2, 4), "binary_cross_entropy");
    check_gradient(one, loss("mean_squared_error"), random_batch(7, 3, 0, 5), "mean_squared_error");
    check_gradient(one, loss("huber"), random_batch(7, 3, 0, 6), "huber");
}

BOOST_AUTO_TEST_CASE(has_the_gradient_that_finite_differences_see_for_layers_of_images) {
    const auto whole = [](int n) { return Value(std::int64_t{n}); };
    const auto check = [](const ModelSpec& model, const InputShape& shape, const std::string& what) {
        check_gradient(model, loss("softmax_cross_entropy"), random_images(3, shape, 3, 7), what);
    };
    const Component before = conv2d(4, 2, {{"activation", std::string("tanh")}}), flat = layer("flatten");
    check({before, conv2d(6, 3, {{"padding", whole(1)}, {"stride", whole(2)}}), flat, dense(3)}, {2, 6, 5}, "stride");
    check({before, conv2d(6, 2, {{"dilation", whole(2)}, {"groups", whole(2)}}), flat, dense(3)}, {2, 6, 5}, "dilation and groups");
    check({before, conv2d(3, 4, {{"padding", std::string("same")}}), flat, dense(3)}, {2, 6, 5}, "same");
    check({before, pool("max_pool", 3, {{"stride", whole(2)}, {"padding", whole(1)}}), flat, dense(3)}, {2, 7, 6}, "max_pool");
    check({before, pool("avg_pool", 3, {{"stride", whole(2)}, {"padding", whole(1)}}), flat, dense(3)}, {2, 7, 6}, "avg_pool");
    check({before, layer("global_avg_pool"), dense(3)}, {2, 5, 4}, "global_avg_pool");
    check({before, layer("batch_norm"), flat, dense(3)}, {2, 5, 4}, "batch_norm");
    check({before, layer("layer_norm"), flat, dense(3)}, {2, 5, 4}, "layer_norm");
    check({before, residual({conv2d(4, 3, {{"padding", whole(1)}}), layer("batch_norm")}, {}, "tanh"), flat, dense(3)}, {2, 5, 4}, "residual");
    check({before, residual({conv2d(3, 2), layer("tanh")}, {conv2d(3, 2)}, "swish"), flat, dense(3)}, {2, 5, 4}, "residual with a projection");
}

BOOST_AUTO_TEST_SUITE_END()
