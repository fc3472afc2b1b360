// Networks of images against the naive reference: losses, outputs and gradients of whole networks, which hold forward, backward data and backward
// weights at once (a convolution before the one that is tested sees its derivatives).
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "base/isa.hpp"
#include "layers/builders.hpp"
#include "layers/kernels.hpp"
#include "model/model.hpp"
#include "tensor/dnnl.hpp"

namespace {

using namespace etude;
using namespace etude::test;

void check_as_chosen(const std::string& what, const ModelSpec& spec, const InputShape& shape, std::size_t samples) {
    const Component loss_used = loss("softmax_cross_entropy");
    const auto problem = check_model(spec, loss_used, shape, 3);
    BOOST_REQUIRE_MESSAGE(!problem, what << ": " << problem->message);
    Model model(spec, loss_used, shape, {{samples}, {samples}}, 1);
    const ReferenceBatch batch = random_images(samples, shape, 3, samples);
    const Numbers weights(model.weights().begin(), model.weights().end());
    const Reference expected = reference(spec, loss_used, batch, weights);
    std::memcpy(model.input(), batch.inputs.data(), batch.inputs.size() * sizeof(float));
    const BatchResult trained = model.train({batch.labels, {}}, samples, 0), evaluated = model.evaluate({batch.labels, {}}, samples);
    const Reference later = reference(spec, loss_used, batch, weights, &expected.state);
    const std::string label = what + " on " + std::to_string(samples) + "x" + text_of(shape);
    BOOST_TEST_CONTEXT(label) {
        BOOST_TEST(trained.loss == expected.loss, boost::test_tools::tolerance(1e-5));
        BOOST_TEST(evaluated.loss == later.loss, boost::test_tools::tolerance(1e-5));
    }
    check_close(model.gradients(), expected.gradient, label + " gradient");
    std::vector<float> outputs(samples * model.outputs());
    model.predict(samples, outputs.data());
    check_close(outputs, later.outputs, label + " output");
    check_close(model.buffers(), expected.state, label + " running estimates");
}

/// With images in the lanes, where this CPU has that, and with all convolutions by oneDNN.
void check(const std::string& what, const ModelSpec& spec, const InputShape& shape, std::size_t samples) {
    check_as_chosen(what, spec, shape, samples);
    if (kernels_for(available_isas().back()).images == nullptr) return;
    ::setenv("ETUDE_ISA", "v3", 1);
    check_as_chosen(what + " without lanes", spec, shape, samples);
    ::unsetenv("ETUDE_ISA");
}

using Keys = std::vector<std::pair<std::string, Value>>;
Value whole(int n) { return std::int64_t{n}; }

/// The convolution behind another one, in a network that ends in classes.
ModelSpec around(const Component& tested, int channels_before) {
    return {conv2d(channels_before, 1, {{"activation", std::string("tanh")}}), tested, layer("flatten"), dense(3)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(networks_of_images)

BOOST_AUTO_TEST_CASE(convolutions_agree_with_the_reference_for_odd_shapes) {
    struct Case {
        int before, channels, kernel;
        Keys keys;
        InputShape shape;
        std::size_t samples;
    };
    const Case cases[] = {
        {1, 6, 5, {{"padding", whole(2)}}, {1, 9, 9}, 3},
        {3, 17, 3, {{"padding", std::string("same")}}, {3, 7, 8}, 2},
        {6, 16, 5, {}, {6, 8, 9}, 5},
        {16, 32, 3, {{"padding", whole(1)}}, {16, 6, 6}, 2},
        {17, 1, 2, {{"padding", std::string("same")}}, {3, 5, 5}, 1},
        {6, 6, 2, {{"stride", whole(3)}}, {1, 8, 11}, 2},                                                 // stride beyond the kernel
        {16, 16, 3, {{"stride", whole(2)}, {"padding", std::string("same")}}, {3, 8, 7}, 2},
        {16, 16, 3, {{"dilation", whole(2)}, {"padding", whole(2)}}, {3, 7, 7}, 2},
        {6, 3, 3, {{"dilation", whole(3)}}, {6, 9, 8}, 2},
        {6, 9, 3, {{"groups", whole(3)}, {"padding", whole(1)}}, {3, 5, 6}, 2},
        {32, 32, 3, {{"groups", whole(2)}}, {3, 5, 5}, 1},
        {17, 17, 3, {{"groups", whole(17)}, {"padding", whole(1)}}, {3, 6, 5}, 2},                         // depthwise
        {16, 32, 3, {{"groups", whole(16)}, {"stride", whole(2)}}, {3, 7, 7}, 2},
        {3, 17, 1, {}, {1, 1, 1}, 1},
        {16, 16, 3, {{"padding", whole(1)}}, {17, 1, 1}, 1},
        {6, 16, 1, {{"stride", whole(2)}}, {6, 5, 6}, 3},
        {3, 4, 3, {{"padding", whole(4)}, {"bias", false}}, {3, 4, 4}, 2},
    };
    for (const Case& c : cases) {
        std::string what = "conv2d " + std::to_string(c.before) + " to " + std::to_string(c.channels) + " kernel " + std::to_string(c.kernel);
        for (const auto& [name, value] : c.keys) what += " " + name + " " + value_text(value);
        check(what, around(conv2d(c.channels, c.kernel, c.keys), c.before), c.shape, c.samples);
        check(what + " first", {conv2d(c.channels, c.kernel, {{"groups", whole(1)}}), layer("flatten"), dense(3)}, {3, 9, 9}, c.samples);
    }
}

BOOST_AUTO_TEST_CASE(winograd_agrees_with_the_reference) {
    struct Case {
        int before, channels;
        Keys keys;
        InputShape shape;
        std::size_t samples;
    };
    const Case cases[] = {
        {32, 32, {{"padding", whole(1)}}, {3, 16, 16}, 32},
        {32, 64, {{"padding", std::string("same")}, {"activation", std::string("tanh")}}, {3, 9, 10}, 33},  // tiles that stick out
        {48, 32, {{"bias", false}}, {3, 11, 7}, 40},
    };
    const bool has_winograd = onednn_isa().starts_with("avx512") && onednn_version().starts_with("2.");
    if (!has_winograd) BOOST_TEST_MESSAGE("oneDNN " << onednn_version() << " on " << onednn_isa() << " has no Winograd: direct convolutions are compared");
    for (const Case& c : cases) {
        const std::string what = "conv2d " + std::to_string(c.before) + " to " + std::to_string(c.channels);
        const ModelSpec spec = around(conv2d(c.channels, 3, c.keys), c.before);
        check(what, spec, c.shape, c.samples);
        const Model model(spec, loss("softmax_cross_entropy"), c.shape, {{c.samples}, {c.samples}}, 1);
        const auto kernels = model.kernels();
        const bool is_used = std::ranges::any_of(kernels, [](const std::string& line) { return line.find("wino") != std::string::npos; });
        BOOST_TEST(is_used == has_winograd, what);
    }
}

BOOST_AUTO_TEST_CASE(every_activation_of_a_convolution_agrees_with_the_reference) {
    for (const std::string& name : activations()) {
        check(name, around(conv2d(6, 3, {{"activation", name}}), 3), {3, 5, 5}, 3);
        check("layer " + name, {conv2d(6, 3), layer(name), conv2d(3, 2), layer("flatten"), dense(3)}, {3, 6, 5}, 3);
    }
}

BOOST_AUTO_TEST_CASE(pooling_agrees_with_the_reference_for_odd_shapes) {
    for (const char* name : {"max_pool", "avg_pool"})
        for (const int channels : {1, 3, 6, 16, 17}) {
            check(name + std::string(" 2"), around(pool(name, 2), channels), {3, 6, 6}, 3);
            check(name + std::string(" 2, odd sides"), around(pool(name, 2), channels), {3, 7, 5}, 2);
            check(name + std::string(" 3 stride 2 padding 1"), around(pool(name, 3, {{"stride", whole(2)}, {"padding", whole(1)}}), channels),
                  {1, 7, 8}, 2);
            check(name + std::string(" 2 stride 3"), around(pool(name, 2, {{"stride", whole(3)}}), channels), {3, 8, 8}, 1);
            check(name + std::string(" 1"), around(pool(name, 1), channels), {3, 1, 1}, 1);
        }
    check("first", {pool("max_pool", 2), conv2d(4, 2), layer("flatten"), dense(3)}, {3, 6, 6}, 3);
    check("first", {pool("avg_pool", 2), layer("flatten"), dense(3)}, {1, 6, 6}, 3);
    for (const int channels : {1, 6, 16, 17}) {
        check("global_avg_pool " + std::to_string(channels), {conv2d(channels, 3), layer("global_avg_pool"), dense(3)}, {3, 6, 7}, 3);
        check("global_avg_pool, then a wide layer", {conv2d(channels, 3), layer("global_avg_pool"), dense(300), dense(3)}, {3, 6, 7}, 80);
    }
}

BOOST_AUTO_TEST_CASE(batch_norm_agrees_with_the_reference) {
    for (const int channels : {1, 3, 6, 16, 17}) {
        check("batch_norm " + std::to_string(channels), around(layer("batch_norm"), channels), {3, 5, 6}, 4);
        check("batch_norm and relu " + std::to_string(channels),
              {conv2d(channels, 3), layer("batch_norm"), layer("relu"), conv2d(4, 2), layer("flatten"), dense(3)}, {3, 7, 6}, 4);
        check("batch_norm, relu, max_pool " + std::to_string(channels),
              {conv2d(channels, 3), layer("batch_norm", {{"momentum", 0.5}}), layer("relu"), pool("max_pool", 2), layer("flatten"), dense(3)},
              {3, 8, 6}, 4);
    }
    check("first", {layer("batch_norm"), layer("flatten"), dense(3)}, {3, 5, 4}, 5);
    check("of vectors", {dense(20), layer("batch_norm", {{"eps", 1e-3}}), layer("relu"), dense(3)}, {7, 1, 1}, 33);
    check("of one image", around(layer("batch_norm"), 6), {3, 5, 6}, 1);
}

BOOST_AUTO_TEST_CASE(layer_norm_agrees_with_the_reference) {
    for (const int channels : {1, 6, 16}) check("layer_norm " + std::to_string(channels), around(layer("layer_norm"), channels), {3, 5, 6}, 4);
    check("first", {layer("layer_norm"), layer("flatten"), dense(3)}, {3, 5, 4}, 5);
    check("of vectors", {dense(20), layer("layer_norm"), layer("relu"), dense(3)}, {7, 1, 1}, 33);
    check("of wide vectors", {dense(300), layer("layer_norm"), dense(200, "relu"), dense(3)}, {7, 1, 1}, 20);
}

BOOST_AUTO_TEST_CASE(residual_layers_agree_with_the_reference) {
    const Component same = conv2d(6, 3, {{"padding", whole(1)}}), norm = layer("batch_norm"), relu = layer("relu");
    const Component wider = conv2d(17, 3, {{"padding", whole(1)}, {"stride", whole(2)}});
    const Component projection = conv2d(17, 1, {{"stride", whole(2)}, {"bias", false}});
    for (const std::string& name : activations()) check("residual " + name, around(residual({same, norm, relu, same}, {}, name), 6), {3, 5, 6}, 3);
    check("a residual with a projection", around(residual({wider, norm}, {projection, norm}, "relu"), 6), {3, 7, 6}, 3);
    check("a residual that is pooled", {conv2d(6, 3, {{"padding", whole(1)}}), residual({same, norm, relu}, {}, "relu"), pool("max_pool", 2),
                                        residual({residual({same}, {}, "tanh"), relu}, {conv2d(6, 1)}), layer("flatten"), dense(3)},
          {3, 8, 8}, 4);
    check("a residual first", {residual({conv2d(3, 3, {{"padding", whole(1)}})}, {}, "sigmoid"), layer("global_avg_pool"), dense(3)}, {3, 4, 5}, 3);
    check("a residual of vectors", {dense(20), residual({dense(40, "relu"), dense(20)}, {}, "gelu"), dense(3)}, {5, 1, 1}, 30);
    check("a body that only flattens", {conv2d(2, 3), residual({layer("flatten")}, {layer("flatten")}), dense(3)}, {3, 5, 5}, 3);
}

BOOST_AUTO_TEST_CASE(an_evaluation_in_pieces_agrees_with_the_reference) {
    check("lenet",
          {conv2d(6, 5, {{"padding", whole(2)}, {"activation", std::string("relu")}}), pool("max_pool", 2), conv2d(16, 3), pool("avg_pool", 2),
           layer("flatten"), layer("dropout", {{"rate", 0.0}}), dense(20, "relu"), dense(3)},
          {1, 10, 10}, 150);
}

BOOST_AUTO_TEST_CASE(a_second_look_at_a_batch_can_leave_the_running_estimates_alone) {
    const ModelSpec spec = {conv2d(4, 2), layer("batch_norm"), layer("flatten"), dense(3)};
    Model model(spec, loss("softmax_cross_entropy"), {2, 5, 5}, {{8}, {}}, 1);
    const ReferenceBatch batch = random_images(8, {2, 5, 5}, 3, 1);
    std::memcpy(model.input(), batch.inputs.data(), batch.inputs.size() * sizeof(float));
    const auto estimates = [&] { return std::vector<float>(model.buffers().begin(), model.buffers().end()); };
    const std::vector<float> begin = estimates();
    BOOST_TEST(begin == (std::vector<float>{0, 0, 0, 0, 1, 1, 1, 1}), boost::test_tools::per_element());
    model.train({batch.labels, {}}, 8, 0);
    const std::vector<float> followed = estimates();
    BOOST_TEST((followed != begin));
    model.train({batch.labels, {}}, 8, 0, RunningEstimates::keep);
    BOOST_TEST((estimates() == followed));
}

BOOST_AUTO_TEST_CASE(a_nan_anywhere_in_a_convolution_reaches_the_loss) {
    for (const char* last : {"relu", "leaky_relu", "tanh"}) {
        const ModelSpec spec = {conv2d(6, 3, {{"activation", std::string(last)}}), layer("batch_norm"), layer("relu"), pool("max_pool", 2),
                                layer("flatten"), dense(3)};
        Model model(spec, loss("softmax_cross_entropy"), {1, 8, 8}, {{4}, {4}}, 1);
        const ReferenceBatch batch = random_images(4, {1, 8, 8}, 3, 1);
        std::memcpy(model.input(), batch.inputs.data(), batch.inputs.size() * sizeof(float));
        model.weights()[3] = std::numeric_limits<float>::quiet_NaN();
        BOOST_TEST(std::isnan(model.train({batch.labels, {}}, 4, 0).loss), last);
        BOOST_TEST(std::isnan(model.evaluate({batch.labels, {}}, 4).loss), last);
    }
}

BOOST_AUTO_TEST_CASE(tensors_inside_a_residual_bear_the_way_to_them) {
    const ModelSpec spec = {conv2d(4, 3), residual({conv2d(6, 1, {{"groups", whole(2)}}), layer("batch_norm")}, {conv2d(6, 1, {{"bias", false}})}),
                            layer("global_avg_pool"), dense(3)};
    std::string names;
    for (const TensorInfo& t : tensors_of(spec, {1, 5, 5}))
        names += t.name + (t.role == TensorRole::scale ? "!" : "") + " " + std::to_string(t.groups) + "; ";
    BOOST_TEST(names == "0.conv2d.weight 1; 0.conv2d.bias 1; 1.residual.body.0.conv2d.weight 2; 1.residual.body.0.conv2d.bias 2; "
                        "1.residual.body.1.batch_norm.scale! 1; 1.residual.body.1.batch_norm.shift 1; 1.residual.shortcut.0.conv2d.weight 1; "
                        "3.dense.weight 1; 3.dense.bias 1; ");
}

BOOST_AUTO_TEST_CASE(no_layer_of_the_studies_falls_back_to_a_slow_kernel) {
    const auto conv = [](int channels, int kernel, const Value& padding) {
        return conv2d(channels, kernel, {{"padding", padding}, {"activation", std::string("relu")}});
    };
    const auto block = [](int channels, int stride) {
        const auto one = [&](int s) { return conv2d(channels, 3, {{"padding", whole(1)}, {"stride", whole(s)}, {"bias", false}}); };
        const std::vector<Component> shortcut = {conv2d(channels, 1, {{"stride", whole(stride)}, {"bias", false}}), layer("batch_norm")};
        return residual({one(stride), layer("batch_norm"), layer("relu"), one(1), layer("batch_norm")},
                        stride > 1 ? shortcut : std::vector<Component>{}, "relu");
    };
    const struct {
        std::string name;
        ModelSpec spec;
        InputShape shape;
        std::size_t samples;
    } studies[] = {
        {"LeNet",
         {conv(6, 5, whole(2)), pool("max_pool", 2), conv(16, 5, whole(0)), pool("max_pool", 2), layer("flatten"), dense(120, "relu"),
          dense(84, "relu"), dense(10)},
         {1, 28, 28},
         256},
        {"CIFAR CNN",
         {conv(32, 3, std::string("same")), conv(32, 3, whole(0)), pool("max_pool", 2), conv(64, 3, std::string("same")), conv(64, 3, whole(0)),
          pool("max_pool", 2), layer("flatten"), dense(512, "relu"), dense(10)},
         {3, 32, 32},
         32},
        {"ResNet-20",
         {conv2d(16, 3, {{"padding", whole(1)}, {"bias", false}}), layer("batch_norm"), layer("relu"), block(16, 1), block(32, 2), block(32, 1),
          block(64, 2), block(64, 1), layer("global_avg_pool"), dense(10)},
         {3, 32, 32},
         128},
    };
    const bool wide = onednn_isa().starts_with("avx512");
    if (!wide) BOOST_TEST_MESSAGE("no AVX-512: gemm kernels are allowed");
    for (const auto& study : studies) {
        const Model model(study.spec, loss("softmax_cross_entropy"), study.shape, {{study.samples}, {study.samples}}, 1);
        for (const std::string& line : model.kernels()) {
            const std::string kernel = line.substr(line.rfind(": ") + 2);
            BOOST_TEST(kernel.find("ref") == std::string::npos, study.name << ": " << line);
            BOOST_TEST((!wide || kernel.find("gemm:jit") == std::string::npos), study.name << ": " << line);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
