#include "layers/kernels.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/aligned.hpp"
#include "layers/builders.hpp"
#include "tensor/shape.hpp"

namespace {

using namespace etude;
using namespace etude::test;

constexpr Activation all_activations[] = {Activation::none, Activation::elu,      Activation::gelu,  Activation::leaky_relu, Activation::relu,
                                          Activation::sigmoid, Activation::softplus, Activation::swish, Activation::tanh};

AlignedBuffer<float> random_buffer(std::size_t size, std::uint64_t seed, double scale = 2) {
    AlignedBuffer<float> buffer(round_to_lanes(size));
    Rng rng(seed, "buffer");
    fill_normal(buffer.span(), rng, scale);
    return buffer;
}

bool same_bits(std::span<const float> a, std::span<const float> b) { return std::memcmp(a.data(), b.data(), a.size_bytes()) == 0; }

/// Whatever `run(kernels)` fills must be the same bits for every instruction set; it returns the buffers to compare.
template <class Run> void check_same_bits(const std::string& what, Run&& run) {
    const auto expected = run(kernels_for(Isa::baseline));
    for (const Isa isa : available_isas()) {
        const auto got = run(kernels_for(isa));
        for (std::size_t i = 0; i < expected.size(); ++i)
            BOOST_TEST(same_bits(got[i].span(), expected[i].span()), what << ", buffer " << i << ": " << isa_name(isa) << " differs from baseline");
    }
}

/// Doubles as the floats of their bytes, for comparison with the others.
AlignedBuffer<float> bits_of(const LossSums& sums) {
    AlignedBuffer<float> buffer(6);
    std::memcpy(buffer.data(), &sums.loss, sizeof(double));
    std::memcpy(buffer.data() + 2, &sums.correct, sizeof(std::size_t));
    std::memcpy(buffer.data() + 4, &sums.squared_error, sizeof(double));
    return buffer;
}

using Buffers = std::vector<AlignedBuffer<float>>;

}  // namespace

BOOST_AUTO_TEST_SUITE(kernels)

BOOST_AUTO_TEST_CASE(elementwise_passes_have_the_same_bits_on_every_instruction_set) {
    for (const Activation activation : all_activations) {
        auto x = random_buffer(800, 1, 6);
        x[3] = std::numeric_limits<float>::infinity();
        x[4] = -x[3];
        x[5] = 1e4f;
        x[6] = -1e4f;
        x[7] = -0.0f;
        check_same_bits("activation " + std::to_string(static_cast<int>(activation)), [&](const Kernels& k) {
            Buffers out;
            out.emplace_back(x.size());
            out.push_back(random_buffer(800, 2));
            k.activate(activation, x.data(), out[0].data(), x.size());
            k.activate_backward(activation, derives_from_argument(activation) ? x.data() : out[0].data(), out[1].data(), x.size());
            return out;
        });
    }
    check_same_bits("dropout", [](const Kernels& k) {
        Buffers out;
        out.emplace_back(std::size_t{160});
        k.dropout_mask(0x123456789abcdefULL, 0.3f, 1 / 0.7f, out[0].data(), out[0].size());
        return out;
    });
}

BOOST_AUTO_TEST_CASE(dense_products_have_the_same_bits_on_every_instruction_set) {
    for (const std::size_t blocks : {1u, 2u, 3u, 8u})
        for (const std::size_t in : {1u, 2u, 3u, 17u, 50u})
            for (const std::size_t out : {1u, 3u, 10u, 50u}) {
                const std::size_t stride = blocks * lanes;
                const auto x = random_buffer(in * stride, 1), w = random_buffer(in * out, 2);
                const auto b = random_buffer(out, 3), dy = random_buffer(out * stride, 4);
                check_same_bits("dense " + std::to_string(stride) + "x" + std::to_string(in) + "x" + std::to_string(out), [&](const Kernels& k) {
                    Buffers r;
                    for (const std::size_t size : {out * stride, out * stride, in * stride, in * out, out}) r.emplace_back(size);
                    k.dense_forward({in, out, blocks}, w.data(), b.data(), x.data(), r[0].data(), true);
                    k.dense_forward({in, out, blocks}, w.data(), nullptr, x.data(), r[1].data(), false);
                    k.dense_backward_data({in, out, blocks}, w.data(), dy.data(), r[2].data());
                    k.dense_backward_weights({in, out, blocks}, x.data(), dy.data(), r[3].data(), r[4].data());
                    return r;
                });
            }
}

BOOST_AUTO_TEST_CASE(losses_sums_and_transpositions_have_the_same_bits_on_every_instruction_set) {
    for (const std::size_t samples : {1u, 7u, 20u, 33u}) {
        const std::size_t stride = round_to_lanes(samples), features = 5;
        const auto z = random_buffer(features * stride, 1, 5), values = random_buffer(features * stride, 2);
        const ReferenceBatch batch = random_batch(samples, 1, 5, 3);
        std::vector<std::int32_t> binary(samples);
        for (std::size_t i = 0; i < samples; ++i) binary[i] = batch.labels[i] % 2;
        check_same_bits("losses of " + std::to_string(samples), [&](const Kernels& k) {
            Buffers r;
            for (int i = 0; i < 5; ++i) r.emplace_back(features * stride);
            const auto input = [&](int i) { return LossInput{z.data(), r[static_cast<std::size_t>(i)].data(), stride, features, samples}; };
            const LossSums softmax = k.softmax_cross_entropy(input(0), batch.labels.data(), 0.1f);
            const LossSums sigmoid = k.binary_cross_entropy({z.data(), r[1].data(), stride, 1, samples}, binary.data());
            const LossSums squares = k.mean_squared_error(input(2), values.data());
            k.sum_rows(z.data(), features, samples, r[3].data());
            k.transpose(z.data(), stride, features, samples, r[4].data(), features);
            for (const LossSums& sums : {softmax, sigmoid, squares}) r.push_back(bits_of(sums));
            return r;
        });
    }
}

BOOST_AUTO_TEST_CASE(activations_and_their_slopes_are_those_of_the_definition) {
    AlignedBuffer<float> x(4000), y(4000), slopes(4000);
    Rng rng(1, "x");
    for (float& v : x.span()) v = static_cast<float>(rng.uniform(-6, 6));
    const Kernels& k = kernels_for(chosen_isa());
    for (const std::string& name : activations()) {
        const Activation activation = activation_of(name);
        std::ranges::fill(slopes.span(), 1.0f);
        k.activate(activation, x.data(), y.data(), x.size());
        k.activate_backward(activation, derives_from_argument(activation) ? x.data() : y.data(), slopes.data(), x.size());
        Numbers expected, expected_slopes;
        for (const float v : x.span()) {
            expected.push_back(activated(name, static_cast<double>(v)));
            expected_slopes.push_back(slope(name, static_cast<double>(v)));
        }
        check_close(y, expected, name);
        check_close(slopes, expected_slopes, name + "'");
    }
}

BOOST_AUTO_TEST_CASE(no_activation_hides_nan) {
    for (const Isa isa : available_isas())
        for (const Activation activation : all_activations) {
            AlignedBuffer<float> x(16), y(16);
            std::ranges::fill(x.span(), std::numeric_limits<float>::quiet_NaN());
            kernels_for(isa).activate(activation, x.data(), y.data(), x.size());
            for (const float v : y.span()) BOOST_TEST(std::isnan(v), isa_name(isa) << " activation " << static_cast<int>(activation));
        }
}

BOOST_AUTO_TEST_CASE(a_dropout_mask_drops_the_share_it_was_asked_to) {
    const Kernels& k = kernels_for(chosen_isa());
    for (const float rate : {0.1f, 0.5f, 0.9f}) {
        AlignedBuffer<float> mask(100000), other(100000);
        k.dropout_mask(1, rate, 2.0f, mask.data(), mask.size());
        k.dropout_mask(2, rate, 2.0f, other.data(), other.size());
        double dropped = 0, differ = 0;
        for (std::size_t i = 0; i < mask.size(); ++i) {
            BOOST_REQUIRE((mask[i] == 0.0f || mask[i] == 2.0f));
            dropped += mask[i] == 0.0f;
            differ += mask[i] != other[i];
        }
        const double share = dropped / 1e5, p = static_cast<double>(rate);
        BOOST_TEST(std::abs(share - p) < 5 * std::sqrt(p * (1 - p) / 1e5), "rate " << rate << " dropped " << share);
        BOOST_TEST(std::abs(differ / 1e5 - 2 * p * (1 - p)) < 0.01, "masks of two keys are independent");
    }
}

BOOST_AUTO_TEST_SUITE_END()
