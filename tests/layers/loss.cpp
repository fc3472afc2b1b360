#include "layers/loss.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "base/aligned.hpp"
#include "layers/builders.hpp"

namespace {

using namespace etude;
using namespace etude::test;

/// A loss bound to logits of its own.
struct Bench {
    View outputs, diff;
    AlignedBuffer<float> output_memory, diff_memory;
    std::unique_ptr<BoundLoss> loss;

    Bench(const Component& component, std::size_t samples, std::size_t features)
        : outputs(shaped(samples, features, Layout::columns)), diff(outputs), output_memory(outputs.floats()), diff_memory(outputs.floats()) {
        outputs.data = output_memory.data();
        diff.data = diff_memory.data();
        loss = loss_type(component.name)->bind(component.values, {outputs, diff, &kernels_for(chosen_isa())});
    }
    float& output(std::size_t r, std::size_t f) { return outputs.data[f * outputs.stride + r]; }
    float derivative(std::size_t r, std::size_t f) const { return diff.data[f * diff.stride + r]; }
};

void check_against_reference(const Component& component, std::size_t samples, std::size_t features, std::uint32_t classes) {
    Bench bench(component, samples, features);
    const ReferenceBatch batch = random_batch(samples, 1, classes, samples);
    std::vector<float> values(classes == 0 ? samples * features : 0);
    Rng rng(samples, "logits");
    fill_normal(values, rng);
    double expected = 0;
    std::size_t correct = 0;
    Numbers diff, got;
    for (std::size_t r = 0; r < samples; ++r) {
        Numbers z(features);
        for (std::size_t f = 0; f < features; ++f) {
            bench.output(r, f) = static_cast<float>(3 * rng.normal());
            z[f] = static_cast<double>(bench.output(r, f));
        }
        const std::int32_t label = classes == 0 ? 0 : batch.labels[r];
        const SampleLoss one = loss_of(component, z, label, values.data() + r * features * (classes == 0));
        expected += one.loss;
        for (const double d : one.diff) diff.push_back(d / static_cast<double>(samples));
        const auto said = features == 1 ? std::int32_t{z[0] > 0} : static_cast<std::int32_t>(std::ranges::max_element(z) - z.begin());
        correct += classes > 0 && said == label;
    }
    const LossSums sums = bench.loss->compute({classes == 0 ? std::span<const std::int32_t>{} : batch.labels, values});
    for (std::size_t r = 0; r < samples; ++r)
        for (std::size_t f = 0; f < features; ++f) got.push_back(static_cast<double>(bench.derivative(r, f)));
    const std::string what = component.name + " of " + std::to_string(samples) + "x" + std::to_string(features);
    BOOST_TEST(sums.loss == expected, boost::test_tools::tolerance(1e-5));
    if (classes > 0) BOOST_TEST(sums.correct == correct, what);
    else BOOST_TEST(sums.squared_error == expected * static_cast<double>(features), boost::test_tools::tolerance(1e-5));
    check_close(got, diff, what);
    for (std::size_t f = 0; f < features; ++f)
        for (std::size_t r = samples; r < bench.diff.stride; ++r) BOOST_REQUIRE(bench.derivative(r, f) == 0.0f);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(loss_functions)

BOOST_AUTO_TEST_CASE(agree_with_the_reference_for_odd_batches) {
    for (const std::size_t samples : {1u, 7u, 16u, 20u, 33u}) {
        for (const std::uint32_t classes : {2u, 3u, 10u, 17u}) {
            check_against_reference(loss("softmax_cross_entropy"), samples, classes, classes);
            check_against_reference(loss("softmax_cross_entropy", 0.2), samples, classes, classes);
        }
        check_against_reference(loss("binary_cross_entropy"), samples, 1, 2);
        for (const std::size_t outputs : {1u, 3u}) check_against_reference(loss("mean_squared_error"), samples, outputs, 0);
    }
}

BOOST_AUTO_TEST_CASE(logits_of_1e4_do_not_overflow) {
    Bench softmax(loss("softmax_cross_entropy"), 2, 3);
    softmax.output(0, 0) = 1e4f;
    softmax.output(1, 0) = -1e4f;
    const std::int32_t labels[] = {1, 2};
    BOOST_TEST(softmax.loss->compute({labels, {}}).loss == 1e4 + std::log(2.0), boost::test_tools::tolerance(1e-6));
    BOOST_TEST(softmax.derivative(0, 0) == 0.5f);
    BOOST_TEST(softmax.derivative(0, 1) == -0.5f);

    Bench binary(loss("binary_cross_entropy"), 2, 1);
    binary.output(0, 0) = 1e4f;
    binary.output(1, 0) = -1e4f;
    const std::int32_t wrong[] = {0, 1}, right[] = {1, 0};
    BOOST_TEST(binary.loss->compute({wrong, {}}).loss == 2e4);
    const LossSums sums = binary.loss->compute({right, {}});
    BOOST_TEST(sums.loss == 0.0);
    BOOST_TEST(sums.correct == 2u);
}

BOOST_AUTO_TEST_CASE(are_not_finite_when_an_output_is_not) {
    for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})
        for (const char* name : {"softmax_cross_entropy", "binary_cross_entropy", "mean_squared_error"}) {
            Bench bench(loss(name), 3, name[0] == 's' ? 3 : 1);
            bench.output(1, 0) = bad;
            const std::int32_t labels[] = {0, 0, 0};
            const float values[] = {0, 0, 0};
            BOOST_TEST(!std::isfinite(bench.loss->compute({labels, values}).loss), name << " of " << bad);
        }
}

BOOST_AUTO_TEST_CASE(a_tie_goes_to_the_first_class_and_a_logit_of_zero_to_class_0) {
    Bench softmax(loss("softmax_cross_entropy"), 2, 3);
    const std::int32_t labels[] = {0, 1};
    BOOST_TEST(softmax.loss->compute({labels, {}}).correct == 1u);
    Bench binary(loss("binary_cross_entropy"), 2, 1);
    BOOST_TEST(binary.loss->compute({labels, {}}).correct == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
