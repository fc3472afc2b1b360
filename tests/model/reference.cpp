#include "layers/reference.hpp"

#include <boost/test/unit_test.hpp>

#include "layers/builders.hpp"
#include "model/spec.hpp"

namespace {

using namespace etude;
using namespace etude::test;

/// Central differences of the mean loss against the reference's own gradient.
void check_gradient(const ModelSpec& model, const Component& loss_used, const ReferenceBatch& batch, const std::string& what) {
    const auto tensors = tensors_of(model, {batch.inputs.size() / batch.samples, 1, 1});
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
}

BOOST_AUTO_TEST_SUITE_END()
