// train.threads: oneDNN's work on several threads.
#include <boost/test/unit_test.hpp>
#include <omp.h>

#include "layers/catalogue.hpp"
#include "model/model.hpp"
#include "support/trials.hpp"
#include "tensor/team.hpp"

namespace tt = boost::test_tools;
using namespace etude;
using namespace etude::test;

namespace {

struct Fixture : WithPlugins {
    /// Wide enough that oneDNN does its products.
    TrialSpec trial(std::uint64_t threads) {
        TrialSpec trial = blobs_trial(registry, 400, 3, 0.02);
        trial.data.values.set("features", std::int64_t{40});
        trial.data.values.set("cluster_std", 20.0);
        trial.model = {dense(200, "relu"), dense(100, "tanh"), dense(3)};
        trial.train.threads = threads;
        return trial;
    }
};

/// Losses of a few updates of a convolutional network on numbers that look like images.
std::vector<double> convolution_losses(std::size_t threads) {
    const Team team(threads);
    const ModelSpec spec = {component(*find_layer_kind("conv2d"), {{"channels", std::int64_t{16}}, {"kernel", std::int64_t{3}}}),
                            component(*find_layer_kind("conv2d"), {{"channels", std::int64_t{32}}, {"kernel", std::int64_t{3}}}),
                            component(*find_layer_kind("flatten")), dense(4)};
    Model model(spec, component(*find_loss_kind("softmax_cross_entropy")), {3, 12, 12}, {.training = {24}, .evaluation = {24}}, 1);
    std::vector<std::int32_t> labels(24);
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int32_t>(i % 4);
    std::vector<double> losses;
    for (std::uint64_t update = 0; update < 5; ++update) {
        for (std::size_t i = 0; i < 24 * model.input_stride(); ++i) model.input()[i] = static_cast<float>(i * 2654435761u % 1000) / 1000 - 0.5f;
        losses.push_back(model.train({.labels = labels, .values = {}}, 24, update).loss);
        for (std::size_t i = 0; i < model.weights().size(); ++i) model.weights()[i] -= 0.05f * model.gradients()[i];
    }
    return losses;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(train_threads, Fixture)

BOOST_AUTO_TEST_CASE(a_trial_with_several_threads_has_the_same_bits_each_time) {
    for (const std::uint64_t threads : {2, 3}) {
        const Record a = run(trial(threads), registry), b = run(trial(threads), registry);
        for (std::size_t i = 0; i < a.curves.size(); ++i) {
            BOOST_TEST(a.curves[i].final == b.curves[i].final);
            BOOST_TEST(a.curves[i].values == b.curves[i].values, tt::per_element());
        }
        BOOST_TEST(convolution_losses(threads) == convolution_losses(threads), tt::per_element());
    }
}

BOOST_AUTO_TEST_CASE(several_threads_agree_with_one_but_for_rounding) {
    const Record one = run(trial(1), registry), three = run(trial(3), registry);
    BOOST_TEST(three.find("train_loss")->values == one.find("train_loss")->values, tt::tolerance(1e-4f) << tt::per_element());
    BOOST_TEST(three.find("test_loss")->values == one.find("test_loss")->values, tt::tolerance(1e-4f) << tt::per_element());
    BOOST_TEST(convolution_losses(3) == convolution_losses(1), tt::tolerance(1e-5) << tt::per_element());
}

BOOST_AUTO_TEST_CASE(a_trial_leaves_the_thread_as_it_was) {
    const Team two(2);
    for (const std::uint64_t threads : {3, 1}) {
        run(trial(threads), registry);
        BOOST_TEST(omp_get_max_threads() == 2);
    }
}

BOOST_AUTO_TEST_SUITE_END()
