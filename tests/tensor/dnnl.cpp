#include "tensor/dnnl.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "base/aligned.hpp"
#include "base/random.hpp"
#include "base/isa.hpp"

namespace {

using namespace etude;

AlignedBuffer<float> random_buffer(std::size_t size, std::uint64_t seed) {
    AlignedBuffer<float> buffer(size);
    Rng rng(seed, "buffer");
    for (float& x : buffer.span()) x = static_cast<float>(rng.normal());
    return buffer;
}

float& element(const Matrix& m, std::size_t i, std::size_t j) { return m.data[i * m.row_stride + j * m.column_stride]; }

void check_product(const Matrix& a, const Matrix& b, const Matrix& c, const float* bias) {
    for (std::size_t i = 0; i < c.rows; ++i)
        for (std::size_t j = 0; j < c.columns; ++j) {
            double sum = bias ? static_cast<double>(bias[j]) : 0.0, scale = std::abs(sum);
            for (std::size_t k = 0; k < a.columns; ++k) {
                const double term = static_cast<double>(element(a, i, k)) * static_cast<double>(element(b, k, j));
                sum += term;
                scale += std::abs(term);
            }
            BOOST_REQUIRE_SMALL(static_cast<double>(element(c, i, j)) - sum, 1e-6 * scale);
        }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(onednn)

BOOST_AUTO_TEST_CASE(a_product_is_the_naive_one_for_odd_sizes_and_either_orientation) {
    for (const std::size_t m : {1u, 7u, 33u})
        for (const std::size_t k : {1u, 3u, 17u, 784u})
            for (const std::size_t n : {1u, 10u, 50u}) {
                const auto a = random_buffer(m * k, 1), b = random_buffer(k * n, 2), bias = random_buffer(n, 3);
                AlignedBuffer<float> c(m * n);
                const Matrix plain_a{const_cast<float*>(a.data()), m, k, k, 1}, turned_a{const_cast<float*>(a.data()), m, k, 1, m};
                const Matrix plain_b{const_cast<float*>(b.data()), k, n, n, 1}, turned_b{const_cast<float*>(b.data()), k, n, 1, k};
                const Matrix dst{c.data(), m, n, n, 1};
                Matmul(plain_a, turned_b, dst, {bias.data(), Fused::none, 0}).execute();
                check_product(plain_a, turned_b, dst, bias.data());
                Matmul(turned_a, plain_b, dst).execute();
                check_product(turned_a, plain_b, dst, nullptr);
            }
}

BOOST_AUTO_TEST_CASE(every_fused_function_keeps_nan) {
    for (const Fused fused : {Fused::none, Fused::leaky_relu, Fused::elu, Fused::tanh, Fused::sigmoid, Fused::softplus}) {
        auto a = random_buffer(32 * 16, 1), b = random_buffer(16 * 16, 2);
        AlignedBuffer<float> c(32 * 16), bias(16);
        a[0] = std::numeric_limits<float>::quiet_NaN();
        Matmul({a.data(), 32, 16, 16, 1}, {b.data(), 16, 16, 16, 1}, {c.data(), 32, 16, 16, 1}, {bias.data(), fused, 0.5f}).execute();
        BOOST_TEST(std::isnan(c[0]), "function " << static_cast<int>(fused) << " gives " << c[0]);
        BOOST_TEST(std::isfinite(c[16]));
    }
}

BOOST_AUTO_TEST_CASE(version_and_instruction_set_have_names) {
    BOOST_TEST(onednn_version().find('.') != std::string::npos);
    BOOST_TEST(!onednn_isa().empty());
    BOOST_TEST(!onednn_isa().starts_with("isa "), onednn_isa() << " has no name yet");
    if (onednn_isa().starts_with("avx512")) BOOST_TEST((available_isas().back() == Isa::v4));
}

BOOST_AUTO_TEST_SUITE_END()
