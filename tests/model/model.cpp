#include "model/model.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <thread>

#include "base/error.hpp"
#include "layers/builders.hpp"
#include "tensor/dnnl.hpp"
#include "base/isa.hpp"

namespace {

using namespace etude;
using namespace etude::test;

TargetBatch targets_of(const ReferenceBatch& batch) { return {batch.labels, batch.values}; }

void give(Model& model, const ReferenceBatch& batch) {
    const std::size_t features = batch.inputs.size() / batch.samples;
    for (std::size_t r = 0; r < batch.samples; ++r)
        std::memcpy(model.input() + r * model.input_stride(), batch.inputs.data() + r * features, features * sizeof(float));
}

std::uint32_t classes_of(const Component& loss_used, const ModelSpec& spec) {
    if (loss_used.name == "mean_squared_error") return 0;
    return loss_used.name == "binary_cross_entropy" ? 2 : static_cast<std::uint32_t>(spec.back().values.integer("units"));
}

/// One training step and one evaluation against the reference: losses, gradients, outputs.
void check_against_reference(const ModelSpec& spec, const Component& loss_used, std::size_t features, std::size_t samples) {
    const std::string what = spec.front().name + " ... " + loss_used.name + " " + std::to_string(samples) + "x" + std::to_string(features);
    Model model(spec, loss_used, {features, 1, 1}, {{samples}, {samples}}, 1);
    Rng rng(samples, "weights");
    fill_normal(model.weights(), rng, 1 / std::sqrt(static_cast<double>(features)));
    const ReferenceBatch batch = random_batch(samples, features, classes_of(loss_used, spec), features);
    const Numbers weights(model.weights().begin(), model.weights().end());
    const Reference expected = reference(spec, loss_used, batch, weights);
    give(model, batch);
    const BatchResult trained = model.train(targets_of(batch), samples, 0), evaluated = model.evaluate(targets_of(batch), samples);
    BOOST_TEST_CONTEXT(what) {
        BOOST_TEST(trained.loss == expected.loss, boost::test_tools::tolerance(1e-5));
        BOOST_TEST(evaluated.loss == expected.loss, boost::test_tools::tolerance(1e-5));
        BOOST_TEST(trained.correct == evaluated.correct);
    }
    check_close(model.gradients(), expected.gradient, what + " gradient");
    std::vector<float> outputs(samples * model.outputs());
    model.predict(samples, outputs.data());
    check_close(outputs, expected.outputs, what + " output");
}

/// Weights after ten steps of plain gradient descent, under an instruction set.
std::vector<float> trained_weights(const ModelSpec& spec, std::size_t features, Isa isa) {
    setenv("ETUDE_ISA", std::string(isa_name(isa)).c_str(), 1);
    Model model(spec, loss("softmax_cross_entropy"), {features, 1, 1}, {{20}, {}}, 3);
    unsetenv("ETUDE_ISA");
    const ReferenceBatch batch = random_batch(20, features, 3, 9);
    give(model, batch);
    for (std::uint64_t update = 0; update < 10; ++update) {
        model.train(targets_of(batch), 20, update);
        for (std::size_t i = 0; i < model.weights().size(); ++i) model.weights()[i] -= 0.1f * model.gradients()[i];
    }
    return {model.weights().begin(), model.weights().end()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model)

BOOST_AUTO_TEST_CASE(agrees_with_the_reference_for_odd_sizes) {
    for (const std::size_t samples : {1u, 7u, 20u, 33u})
        for (const std::size_t features : {1u, 3u, 17u, 784u}) {
            check_against_reference({dense(50, "tanh"), dense(3)}, loss("softmax_cross_entropy"), features, samples);
            check_against_reference({dense(33, "relu"), dense(64, "elu"), dense(1)}, loss("binary_cross_entropy"), features, samples);
        }
}

BOOST_AUTO_TEST_CASE(agrees_with_the_reference_for_every_activation_on_both_kinds_of_kernels) {
    for (const std::string& name : activations()) {
        check_against_reference({dense(5, name), dense(3)}, loss("softmax_cross_entropy"), 3, 20);
        check_against_reference({dense(5), layer(name), dense(3)}, loss("softmax_cross_entropy"), 3, 20);
        check_against_reference({dense(100, name), dense(3)}, loss("softmax_cross_entropy"), 100, 33);
        check_against_reference({dense(100), layer(name), dense(3)}, loss("softmax_cross_entropy"), 100, 33);
        check_against_reference({layer(name), dense(3)}, loss("softmax_cross_entropy"), 3, 20);
    }
}

BOOST_AUTO_TEST_CASE(agrees_with_the_reference_for_every_loss) {
    check_against_reference({dense(8, "relu"), dense(1)}, loss("mean_squared_error"), 13, 20);
    check_against_reference({dense(8, "relu"), dense(10)}, loss("softmax_cross_entropy", 0.1), 13, 20);
    check_against_reference({dense(64, "relu"), dense(1)}, loss("binary_cross_entropy"), 2, 32);
}

BOOST_AUTO_TEST_CASE(agrees_with_the_reference_where_own_kernels_and_onednn_alternate) {
    const ModelSpec spec = {dense(4, "relu"), dense(400, "tanh"), dense(300), dense(3)};
    check_against_reference(spec, loss("softmax_cross_entropy"), 6, 33);
    const Model model(spec, loss("softmax_cross_entropy"), {6, 1, 1}, {{32}, {}}, 0);
    bool own = false, onednn = false;
    for (const std::string& line : model.kernels()) (line.find(": own:") != std::string::npos ? own : onednn) = true;
    BOOST_TEST((own && onednn));
}

BOOST_AUTO_TEST_CASE(evaluates_large_batches_in_pieces_with_the_same_result) {
    const ModelSpec spec = {dense(50, "relu"), dense(3)};
    Model model(spec, loss("softmax_cross_entropy"), {2, 1, 1}, {{}, {500, 128, 100}}, 1);
    const Numbers weights(model.weights().begin(), model.weights().end());
    for (const std::size_t samples : {500u, 128u, 100u}) {  // the piece of 128 must not stay where the 500 left it
        const ReferenceBatch batch = random_batch(samples, 2, 3, samples);
        const Reference expected = reference(spec, loss("softmax_cross_entropy"), batch, weights);
        give(model, batch);
        BOOST_TEST(model.evaluate(targets_of(batch), samples).loss == expected.loss, boost::test_tools::tolerance(1e-5));
        std::vector<float> outputs(samples * 3);
        model.predict(samples, outputs.data());
        check_close(outputs, expected.outputs, "outputs of " + std::to_string(samples));
    }
    Model regression({dense(1)}, loss("mean_squared_error"), {2, 1, 1}, {{}, {500}}, 1);
    const ReferenceBatch batch = random_batch(500, 2, 0, 5);
    give(regression, batch);
    const Numbers line(regression.weights().begin(), regression.weights().end());
    const BatchResult result = regression.evaluate(targets_of(batch), 500);
    BOOST_TEST(result.loss == reference({dense(1)}, loss("mean_squared_error"), batch, line).loss, boost::test_tools::tolerance(1e-5));
    BOOST_TEST(result.squared_error == result.loss);
}

BOOST_AUTO_TEST_CASE(an_image_is_flattened_in_place) {
    const ModelSpec spec = {layer("flatten"), dense(3)};
    Model model(spec, loss("softmax_cross_entropy"), {2, 3, 4}, {{7}, {}}, 1);
    const ReferenceBatch batch = random_batch(7, 24, 3, 2);
    give(model, batch);
    const Numbers weights(model.weights().begin(), model.weights().end());
    const Reference expected = reference(spec, loss("softmax_cross_entropy"), batch, weights);
    BOOST_TEST(model.train(targets_of(batch), 7, 0).loss == expected.loss, boost::test_tools::tolerance(1e-5));
    check_close(model.gradients(), expected.gradient, "gradient");
}

BOOST_AUTO_TEST_CASE(dropout_acts_in_training_alone_and_is_repeatable) {
    const ModelSpec spec = {dense(40, "tanh"), layer("dropout", {{"rate", 0.5}}), dense(3)}, plain = {dense(40, "tanh"), dense(3)};
    Model model(spec, loss("softmax_cross_entropy"), {5, 1, 1}, {{20}, {20}}, 1);
    Model without(plain, loss("softmax_cross_entropy"), {5, 1, 1}, {{20}, {20}}, 1);
    const ReferenceBatch batch = random_batch(20, 5, 3, 2);
    give(model, batch);
    give(without, batch);
    const double first = model.train(targets_of(batch), 20, 0).loss;
    BOOST_TEST(first == model.train(targets_of(batch), 20, 0).loss);
    BOOST_TEST(first != model.train(targets_of(batch), 20, 1).loss);
    BOOST_TEST(model.evaluate(targets_of(batch), 20).loss == without.evaluate(targets_of(batch), 20).loss);
    // The derivative goes through the mask of the same update: central differences of the loss under update 0.
    model.train(targets_of(batch), 20, 0);
    const std::vector<float> gradient(model.gradients().begin(), model.gradients().end());
    for (std::size_t i = 0; i < gradient.size(); i += 17) {
        const float step = 0.01f, kept = model.weights()[i];
        model.weights()[i] = kept + step;
        const double above = model.train(targets_of(batch), 20, 0).loss;
        model.weights()[i] = kept - step;
        const double below = model.train(targets_of(batch), 20, 0).loss;
        model.weights()[i] = kept;
        BOOST_TEST(std::abs((above - below) / (40.0 * static_cast<double>(step)) - static_cast<double>(gradient[i])) < 2e-3, "weight " << i);
    }
}

BOOST_AUTO_TEST_CASE(trains_to_the_same_bits_on_every_instruction_set) {
    const ModelSpec spec = {dense(50, "gelu"), layer("dropout", {{"rate", 0.2}}), dense(20, "softplus"), dense(3)};
    const std::vector<float> expected = trained_weights(spec, 2, Isa::baseline);
    for (const Isa isa : available_isas())
        BOOST_TEST((std::memcmp(trained_weights(spec, 2, isa).data(), expected.data(), expected.size() * sizeof(float)) == 0), isa_name(isa));
}

BOOST_AUTO_TEST_CASE(initial_weights_depend_on_seed_and_tensor_and_biases_are_zero) {
    const ModelSpec spec = {dense(20), dense(20), dense(20)};
    const auto weights = [&](std::uint64_t seed) {
        Model model(spec, loss("softmax_cross_entropy"), {20, 1, 1}, {{4}, {}}, seed);
        return std::vector<float>(model.weights().begin(), model.weights().end());
    };
    const std::vector<float> w = weights(1);
    BOOST_TEST((w == weights(1)));
    BOOST_TEST((w != weights(2)));
    const auto tensors = tensors_of(spec, {20, 1, 1});
    BOOST_TEST((!std::equal(w.begin(), w.begin() + 400, w.begin() + static_cast<std::ptrdiff_t>(tensors[2].offset))));
    for (const TensorInfo& t : tensors)
        if (t.role == TensorRole::bias)
            for (std::size_t i = 0; i < t.count; ++i) BOOST_TEST(w[t.offset + i] == 0.0f);
}

BOOST_AUTO_TEST_CASE(buffers_are_aligned) {
    Model model({dense(3)}, loss("softmax_cross_entropy"), {2, 1, 1}, {{4}, {}}, 0);
    for (const float* data : {model.weights().data(), model.gradients().data(), model.input()})
        BOOST_TEST(reinterpret_cast<std::uintptr_t>(data) % 64 == 0u);
}

BOOST_AUTO_TEST_CASE(inputs_and_weights_that_are_not_finite_make_the_loss_not_finite) {
    const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
    for (const std::size_t features : {2u, 200u})  // our own kernels; oneDNN
        for (const float bad : {nan, infinity, -infinity})
            for (const std::string& name : activations()) {
                const bool saturates = name == "sigmoid" || name == "tanh" || name == "elu" || name == "softplus" || name == "relu";
                if (!std::isnan(bad) && saturates) continue;  // these may map an infinity to a number, and rightly
                Model model({dense(200, name), dense(3)}, loss("softmax_cross_entropy"), {features, 1, 1}, {{20}, {20}}, 1);
                const ReferenceBatch batch = random_batch(20, features, 3, 1);
                give(model, batch);
                model.input()[3 * features] = bad;
                BOOST_TEST(!std::isfinite(model.evaluate(targets_of(batch), 20).loss), name << " " << features << " features, input " << bad);
                BOOST_TEST(!std::isfinite(model.train(targets_of(batch), 20, 0).loss), name << " " << features << " features, input " << bad);
                give(model, batch);
                model.weights()[0] = bad;
                BOOST_TEST(!std::isfinite(model.train(targets_of(batch), 20, 0).loss), name << " " << features << " features, weight " << bad);
            }
}

BOOST_AUTO_TEST_CASE(no_kernel_is_a_reference_implementation) {
    const Model model({dense(128, "relu"), dense(10)}, loss("softmax_cross_entropy"), {784, 1, 1}, {{32}, {256}}, 0);
    const bool wide = onednn_isa().starts_with("avx512");
    BOOST_TEST(model.kernels().size() == 7u);
    for (const std::string& line : model.kernels()) {
        BOOST_TEST(line.find("ref") == std::string::npos, line);
        if (wide && line.starts_with("0.dense")) BOOST_TEST(line.find("gemm") == std::string::npos, line);
    }
    const Model small({dense(50, "relu"), dense(3)}, loss("softmax_cross_entropy"), {2, 1, 1}, {{32}, {}}, 0);
    const std::string own = "own:" + std::string(isa_name(chosen_isa()));
    BOOST_TEST(small.kernels().size() == 5u);
    for (const std::string& line : small.kernels()) BOOST_TEST(line.ends_with(own), line);
    BOOST_TEST(small.kernels().front() == "0.dense forward 32x2x50: " + own);
}

BOOST_AUTO_TEST_CASE(a_size_or_a_thread_it_was_not_made_for_is_a_bug) {
    Model model({dense(3)}, loss("softmax_cross_entropy"), {2, 1, 1}, {{4}, {8}}, 0);
    const ReferenceBatch batch = random_batch(8, 2, 3, 1);
    BOOST_CHECK_THROW(model.train(targets_of(batch), 8, 0), Bug);
    BOOST_CHECK_THROW(model.evaluate(targets_of(batch), 4), Bug);
    bool thrown = false;
    std::thread([&] {
        try {
            model.evaluate(targets_of(batch), 8);
        } catch (const Bug&) {
            thrown = true;
        }
    }).join();
    BOOST_TEST(thrown);
}

BOOST_AUTO_TEST_SUITE_END()
