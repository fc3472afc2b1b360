#include "model/spec.hpp"

#include <boost/test/unit_test.hpp>

#include "base/text.hpp"
#include "layers/builders.hpp"

namespace {

using namespace etude;
using namespace etude::test;

std::string problem(const ModelSpec& model, const std::string& loss_name, const InputShape& input, std::size_t classes) {
    const auto found = check_model(model, loss(loss_name), input, classes);
    return found ? join(found->layer, ".") + ": " + found->message + " / " + found->hint : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_spec)

BOOST_AUTO_TEST_CASE(what_fits_has_no_problem) {
    BOOST_TEST(problem({dense(50, "relu"), dense(3)}, "softmax_cross_entropy", {2, 1, 1}, 3) == "");
    BOOST_TEST(problem({layer("flatten"), dense(10)}, "softmax_cross_entropy", {1, 28, 28}, 10) == "");
    BOOST_TEST(problem({dense(64), layer("relu"), layer("dropout", {{"rate", 0.5}}), dense(1)}, "binary_cross_entropy", {2, 1, 1}, 2) == "");
    BOOST_TEST(problem({dense(1)}, "mean_squared_error", {13, 1, 1}, 0) == "");
}

BOOST_AUTO_TEST_CASE(a_problem_names_the_layer_the_numbers_and_a_remedy) {
    BOOST_TEST(problem({dense(50), dense(3)}, "softmax_cross_entropy", {2, 1, 1}, 4) ==
               "1: the last layer has 3 outputs; the data has 4 classes / give the last layer 4 units");
    BOOST_TEST(problem({dense(1)}, "softmax_cross_entropy", {2, 1, 1}, 2) ==
               "0: the last layer has 1 output; the data has 2 classes / use binary_cross_entropy, or give the last layer 2 units");
    BOOST_TEST(problem({dense(3)}, "softmax_cross_entropy", {2, 1, 1}, 0) ==
               "0: `softmax_cross_entropy` needs classes; the data has numbers to predict / use mean_squared_error");
    BOOST_TEST(problem({dense(2)}, "binary_cross_entropy", {2, 1, 1}, 2) ==
               "0: `binary_cross_entropy` needs one output; the last layer has 2 / give the last layer 1 unit, or use softmax_cross_entropy");
    BOOST_TEST(problem({dense(3)}, "binary_cross_entropy", {2, 1, 1}, 2) ==
               "0: `binary_cross_entropy` needs one output; the last layer has 3 / give the last layer 1 unit");
    BOOST_TEST(problem({dense(1)}, "binary_cross_entropy", {2, 1, 1}, 3) ==
               "0: `binary_cross_entropy` needs two classes; the data has 3 / use softmax_cross_entropy");
    BOOST_TEST(problem({dense(1)}, "binary_cross_entropy", {2, 1, 1}, 0) ==
               "0: `binary_cross_entropy` needs two classes; the data has numbers to predict / use mean_squared_error");
    BOOST_TEST(problem({dense(3)}, "mean_squared_error", {2, 1, 1}, 3) ==
               "0: `mean_squared_error` needs numbers to predict; the data has 3 classes / use softmax_cross_entropy");
    BOOST_TEST(problem({dense(2)}, "mean_squared_error", {2, 1, 1}, 0) ==
               "0: the last layer has 2 outputs; the data has 1 number to predict / give the last layer 1 unit");
    BOOST_TEST(problem({layer("relu"), dense(10)}, "softmax_cross_entropy", {3, 32, 32}, 10) ==
               "1: `dense` needs a flat input, not one of 3x32x32 / put `flatten` before it");
    BOOST_TEST(problem({}, "softmax_cross_entropy", {2, 1, 1}, 2) == "0: the model has no weights to train / add a `dense` layer");
    BOOST_TEST(problem({layer("relu")}, "softmax_cross_entropy", {2, 1, 1}, 2) == "0: the model has no weights to train / add a `dense` layer");
}

BOOST_AUTO_TEST_CASE(tensors_tile_the_buffer_and_bear_their_layers_name) {
    const Component without_bias = layer("dense", {{"units", std::int64_t{4}}, {"bias", false}});
    const auto tensors = tensors_of({layer("flatten"), dense(50), without_bias, dense(3)}, {1, 2, 3});
    std::string list;
    std::size_t end = 0;
    for (const TensorInfo& t : tensors) {
        BOOST_TEST(t.offset == end);
        end = t.offset + t.count;
        list += t.name + (t.role == TensorRole::bias ? " bias" : " weight");
        for (const std::size_t d : t.dims) list += " " + std::to_string(d);
        list += "; ";
    }
    BOOST_TEST(list ==
               "1.dense.weight weight 50 6; 1.dense.bias bias 50; 2.dense.weight weight 4 50; 3.dense.weight weight 3 4; 3.dense.bias bias 3; ");
    BOOST_TEST(end == 50u * 6 + 50 + 4 * 50 + 3 * 4 + 3);
}

BOOST_AUTO_TEST_SUITE_END()
