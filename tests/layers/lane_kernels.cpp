#include "layers/lane_kernels.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "base/aligned.hpp"
#include "base/random.hpp"
#include "layers/kernels.hpp"

namespace {

using namespace etude;

/// nullptr, with a word about it, where this CPU has no version.
const LaneKernels* kernels_here() {
    const LaneKernels* kernels = kernels_for(available_isas().back()).images;
    if (kernels == nullptr) BOOST_TEST_MESSAGE("skipped: no AVX-512 here");
    return kernels;
}

AlignedBuffer<float> random_floats(std::size_t count, std::uint64_t seed) {
    AlignedBuffer<float> buffer(round_to_lanes(count));
    Rng rng(seed, "floats");
    for (std::size_t i = 0; i < count; ++i) buffer[i] = static_cast<float>(rng.normal());
    return buffer;
}

/// Whatever a kernel should have written and did not is seen.
AlignedBuffer<float> unwritten(std::size_t count) {
    AlignedBuffer<float> buffer(round_to_lanes(count));
    for (float& x : buffer.span()) x = std::numeric_limits<float>::quiet_NaN();
    return buffer;
}

std::string text_of(const ConvSizes& s) {
    const auto n = [](std::size_t i) { return std::to_string(i); };
    return n(s.in_channels) + "x" + n(s.in_height) + "x" + n(s.in_width) + " to " + n(s.out_channels) + "x" + n(s.out_height) + "x" + n(s.out_width) +
           " kernel " + n(s.kernel_height) + "x" + n(s.kernel_width);
}

ConvSizes conv(std::size_t in, std::size_t height, std::size_t width, std::size_t out, std::size_t kernel_height, std::size_t kernel_width,
               std::size_t top, std::size_t bottom, std::size_t left, std::size_t right) {
    const std::size_t out_height = height + top + bottom - kernel_height + 1, out_width = width + left + right - kernel_width + 1;
    return {in, height, width, out, out_height, out_width, kernel_height, kernel_width, top, left};
}

// Every tile of the kernels occurs: 1 to 6 (and more) channels, narrow and wide rows, kernels of 1 to 9, no, even and uneven padding.
const std::vector<ConvSizes> conv_cases = {
    conv(1, 28, 28, 6, 5, 5, 2, 2, 2, 2), conv(6, 14, 14, 16, 5, 5, 0, 0, 0, 0), conv(1, 1, 1, 1, 1, 1, 0, 0, 0, 0),
    conv(3, 7, 5, 5, 3, 3, 1, 1, 1, 1),   conv(2, 9, 23, 3, 3, 3, 0, 0, 0, 0),   conv(5, 6, 6, 7, 2, 2, 0, 1, 0, 1),
    conv(4, 5, 19, 2, 4, 4, 1, 2, 1, 2),  conv(2, 8, 41, 11, 1, 1, 0, 0, 0, 0),  conv(3, 9, 13, 4, 7, 7, 3, 3, 3, 3),
    conv(2, 11, 12, 9, 9, 9, 0, 0, 0, 0), conv(2, 5, 5, 8, 6, 6, 4, 4, 4, 4),    conv(7, 4, 3, 10, 3, 1, 1, 1, 0, 0),
    conv(3, 4, 17, 13, 1, 4, 0, 0, 3, 0), conv(8, 3, 34, 12, 3, 3, 2, 2, 2, 2),  conv(1, 2, 70, 17, 2, 3, 1, 0, 0, 2),
};

/// A convolution of one lane in double precision, from its definition.
struct Naive {
    const ConvSizes& s;
    std::size_t lane;
    std::size_t src(std::size_t c, std::size_t h, std::size_t w) const { return ((c * s.in_height + h) * s.in_width + w) * lanes + lane; }
    std::size_t dst(std::size_t c, std::size_t h, std::size_t w) const { return ((c * s.out_height + h) * s.out_width + w) * lanes + lane; }

    /// use(src, weight, dst) for every product.
    void each(const std::function<void(std::size_t, std::size_t, std::size_t)>& use) const {
        for (std::size_t o = 0; o < s.out_channels; ++o)
            for (std::size_t i = 0; i < s.in_channels; ++i)
                for (std::size_t oh = 0; oh < s.out_height; ++oh)
                    for (std::size_t ow = 0; ow < s.out_width; ++ow)
                        for (std::size_t kh = 0; kh < s.kernel_height; ++kh)
                            for (std::size_t kw = 0; kw < s.kernel_width; ++kw) {
                                const std::size_t h = oh + kh - s.pad_top, w = ow + kw - s.pad_left;  // beyond the size where negative
                                if (h >= s.in_height || w >= s.in_width) continue;
                                use(src(i, h, w), ((o * s.in_channels + i) * s.kernel_height + kh) * s.kernel_width + kw, dst(o, oh, ow));
                            }
    }
};

/// Sums of `terms` numbers of size 1. In single precision the partial sums, of size sqrt(n) at the n-th, are each rounded to 6e-8 of themselves.
void check_close(double got, double expected, double terms, const std::string& what) {
    BOOST_TEST_INFO(what);
    BOOST_CHECK_SMALL(got - expected, 1e-6 * (4 + std::sqrt(terms) + std::fabs(expected)) + 6e-8 * terms);
}

struct Conv {
    const LaneKernels& k;
    const ConvSizes& s;
    AlignedBuffer<float> src = random_floats(s.in_floats(), 1), weights = random_floats(s.out_channels * s.taps(), 2),
                         bias = random_floats(s.out_channels, 3), diff_dst = random_floats(s.out_floats(), 4);

    AlignedBuffer<float> padded(const AlignedBuffer<float>& from) const {
        AlignedBuffer<float> to = unwritten(s.padded_floats());
        k.pad(s, from.data(), to.data());
        return to;
    }
    AlignedBuffer<float> forward(const AlignedBuffer<float>& from, const float* with_bias, bool relu) const {
        AlignedBuffer<float> packed(weights.size()), dst = unwritten(s.out_floats());
        k.pack_weights(s, weights.data(), packed.data());
        k.conv_forward(s, padded(from).data(), packed.data(), with_bias, dst.data(), relu);
        return dst;
    }
};

constexpr std::size_t checked_lanes[] = {0, 7, 15};

}  // namespace

BOOST_AUTO_TEST_SUITE(lane_kernels)

BOOST_AUTO_TEST_CASE(a_convolution_in_lanes_is_the_sum_that_defines_it) {
    const LaneKernels* k = kernels_here();
    if (k == nullptr) return;
    for (const ConvSizes& s : conv_cases) {
        const Conv c{*k, s};
        const auto plain = c.forward(c.src, nullptr, false), biased = c.forward(c.src, c.bias.data(), false);
        const auto relu = c.forward(c.src, c.bias.data(), true);
        for (const std::size_t lane : checked_lanes) {
            const Naive naive{s, lane};
            std::vector<double> expected(s.out_floats());
            naive.each([&](std::size_t src, std::size_t w, std::size_t dst) { expected[dst] += double{c.src[src]} * c.weights[w]; });
            const std::size_t pixels = s.out_height * s.out_width;
            for (std::size_t i = lane; i < s.out_floats(); i += lanes) {
                const double bias = c.bias[i / lanes / pixels], terms = static_cast<double>(s.taps());
                check_close(plain[i], expected[i], terms, text_of(s));
                check_close(biased[i], expected[i] + bias, terms, text_of(s));
                BOOST_TEST(relu[i] == std::max(biased[i], 0.0f), text_of(s));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(derivatives_of_a_convolution_in_lanes_are_the_sums_that_define_them) {
    const LaneKernels* k = kernels_here();
    if (k == nullptr) return;
    for (const ConvSizes& s : conv_cases) {
        const Conv c{*k, s};
        auto diff_src = unwritten(s.in_floats()), diff_weights = unwritten(s.out_channels * s.taps()), diff_bias = unwritten(s.out_channels);
        AlignedBuffer<float> sums(s.out_channels * s.taps() * lanes), bias_sums(s.out_channels * lanes);
        const std::size_t pixels = s.out_height * s.out_width;
        k->conv_backward_data(s, c.weights.data(), c.diff_dst.data(), diff_src.data());
        k->conv_backward_weights(s, c.padded(c.src).data(), c.diff_dst.data(), sums.data());
        k->conv_backward_weights(s, c.padded(c.src).data(), c.diff_dst.data(), sums.data());  // a second block adds to the first
        k->conv_backward_bias(c.diff_dst.data(), s.out_channels, pixels, bias_sums.data());
        k->add_lanes(sums.data(), s.out_channels * s.taps(), diff_weights.data());
        k->add_lanes(bias_sums.data(), s.out_channels, diff_bias.data());

        std::vector<double> expected_src(s.in_floats()), expected_weights(c.weights.size()), expected_bias(s.out_channels);
        for (std::size_t lane = 0; lane < lanes; ++lane)
            Naive{s, lane}.each([&](std::size_t src, std::size_t w, std::size_t dst) {
                expected_src[src] += double{c.weights[w]} * c.diff_dst[dst];
                expected_weights[w] += 2 * double{c.src[src]} * c.diff_dst[dst];
            });
        for (std::size_t i = 0; i < s.out_floats(); ++i) expected_bias[i / lanes / pixels] += c.diff_dst[i];
        const double source_terms = static_cast<double>(s.out_channels * s.kernel_height * s.kernel_width);
        const double weight_terms = static_cast<double>(2 * lanes * pixels);
        for (std::size_t i = 0; i < s.in_floats(); ++i) check_close(diff_src[i], expected_src[i], source_terms, text_of(s));
        for (std::size_t i = 0; i < s.out_channels * s.taps(); ++i) check_close(diff_weights[i], expected_weights[i], weight_terms, text_of(s));
        for (std::size_t i = 0; i < s.out_channels; ++i) check_close(diff_bias[i], expected_bias[i], weight_terms, text_of(s));
    }
}

BOOST_AUTO_TEST_CASE(relu_in_lanes_keeps_nan) {
    const LaneKernels* k = kernels_here();
    if (k == nullptr) return;
    Conv c{*k, conv_cases[3]};
    c.src[3] = std::numeric_limits<float>::quiet_NaN();  // lane 3 of the first pixel
    const auto dst = c.forward(c.src, c.bias.data(), true);
    BOOST_TEST(std::isnan(dst[3]));
    BOOST_TEST(!std::isnan(dst[2]));
}

BOOST_AUTO_TEST_CASE(relu_backward_and_the_bias_are_one_pass) {
    const LaneKernels* k = kernels_here();
    if (k == nullptr) return;
    const std::size_t channels = 3, pixels = 7, count = channels * pixels * lanes;
    auto dst = random_floats(count, 1), diff = random_floats(count, 2);
    for (std::size_t i = 0; i < count; i += 2) dst[i] = 0;
    AlignedBuffer<float> sums(channels * lanes), expected(count);
    std::vector<double> expected_sums(sums.size());
    for (std::size_t i = 0; i < count; ++i) {
        expected[i] = dst[i] > 0 ? diff[i] : 0;
        expected_sums[i / lanes / pixels * lanes + i % lanes] += expected[i];
    }
    k->relu_backward_bias(dst.data(), diff.data(), channels, pixels, sums.data());
    for (std::size_t i = 0; i < count; ++i) BOOST_TEST(diff[i] == expected[i]);
    for (std::size_t i = 0; i < sums.size(); ++i) check_close(sums[i], expected_sums[i], pixels, "sum " + std::to_string(i));
}

BOOST_AUTO_TEST_CASE(rows_become_blocks_and_come_back) {
    const LaneKernels* k = kernels_here();
    if (k == nullptr) return;
    for (const std::size_t images : {1u, 3u, 4u, 7u, 8u, 15u, 16u})
        for (const std::size_t features : {1u, 3u, 4u, 10u, 33u}) {
            const std::size_t stride = features + 3;
            const auto rows = random_floats(images * stride, images * 100 + features);
            auto block = unwritten(features * lanes), back = random_floats(images * stride, 5), untouched = random_floats(images * stride, 5);
            k->block_of_rows(rows.data(), stride, images, features, block.data());
            k->rows_of_block(block.data(), stride, images, features, back.data());
            BOOST_TEST_INFO(images << " images of " << features << " features");
            for (std::size_t f = 0; f < features; ++f)
                for (std::size_t i = 0; i < lanes; ++i) BOOST_TEST(block[f * lanes + i] == (i < images ? rows[i * stride + f] : 0.0f));
            for (std::size_t i = 0; i < images; ++i)
                for (std::size_t f = 0; f < stride; ++f) BOOST_TEST(back[i * stride + f] == (f < features ? rows : untouched)[i * stride + f]);
        }
}

BOOST_AUTO_TEST_SUITE_END()
