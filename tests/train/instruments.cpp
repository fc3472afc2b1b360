// What trials measure of themselves, against quadratics whose curvature is known and a network written down in double.
#include "train/instruments.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <numeric>

#include "data/batches.hpp"
#include "support/trials.hpp"
#include "train/naive_mlp.hpp"

namespace tt = boost::test_tools;
using namespace etude;
using namespace etude::test;

namespace {

/// Half the sum of h_i (x_i - c_i)^2 in float: its Hessian has the eigenvalues h.
class Quadratic : public BatchLoss {
  public:
    Quadratic(std::vector<double> h, std::vector<double> c) : h_(std::move(h)), c_(std::move(c)) {}
    double loss(std::span<const float> x) override {
        double sum = 0;
        for (std::size_t i = 0; i < h_.size(); ++i) sum += h_[i] * (x[i] - c_[i]) * (x[i] - c_[i]) / 2;
        return sum;
    }
    double gradient(std::span<const float> x, std::span<float> g) override {
        for (std::size_t i = 0; i < h_.size(); ++i) g[i] = static_cast<float>(h_[i] * (x[i] - c_[i]));
        return loss(x);
    }

  private:
    std::vector<double> h_, c_;
};

double eigenvalue(std::vector<double> h) {
    const std::vector<float> at(h.size(), 0.5F);
    Quadratic loss(h, std::vector<double>(h.size(), 0.25));
    return Curvature(at.size()).largest_eigenvalue(loss, at, 1);
}

/// The Hessian by differences of gradients in double, and its eigenvalue by a long power iteration.
double naive_eigenvalue(NaiveMlp& network, const Part& part, std::span<const std::uint32_t> rows) {
    const std::size_t n = network.weights().size();
    std::vector<std::vector<double>> hessian;
    for (std::size_t i = 0; i < n; ++i) {
        const double h = 1e-6, here = network.weights()[i];
        network.weights()[i] = here + h;
        std::vector<double> row = network.mean(part, rows).gradient;
        network.weights()[i] = here - h;
        const std::vector<double> below = network.mean(part, rows).gradient;
        network.weights()[i] = here;
        for (std::size_t k = 0; k < n; ++k) row[k] = (row[k] - below[k]) / (2 * h);
        hessian.push_back(std::move(row));
    }
    std::vector<double> v(n, 1), product(n);
    double value = 0;
    for (int step = 0; step < 3000; ++step) {
        const double length = std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0));
        for (double& x : v) x /= length;
        for (std::size_t i = 0; i < n; ++i) product[i] = std::inner_product(v.begin(), v.end(), hessian[i].begin(), 0.0);
        value = std::inner_product(v.begin(), v.end(), product.begin(), 0.0);
        v.swap(product);
    }
    return value;
}

double norm(const std::vector<double>& v) { return std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0)); }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(train_instruments, WithPlugins)

BOOST_AUTO_TEST_CASE(the_curvature_of_a_quadratic_is_its_largest_eigenvalue_with_its_sign) {
    BOOST_TEST(eigenvalue({1, 10, -3, 0, 2}) == 10, tt::tolerance(2e-3));
    BOOST_TEST(eigenvalue({5, -12, 3}) == -12, tt::tolerance(2e-3));
    BOOST_TEST(eigenvalue({0, 0}) == 0);
    BOOST_TEST(std::isnan(eigenvalue({1, std::numeric_limits<double>::quiet_NaN()})));
}

BOOST_AUTO_TEST_CASE(norms_and_curvature_of_a_network_are_those_of_its_double) {
    TrialSpec trial = blobs_trial(registry, 100, 1, 1e-6);  // one small update of all 50 samples: the weights stay where they were
    trial.train.batch = 50;
    trial.seed = 4;
    trial.instruments = {.norms = true, .curvature = true, .samples = 50};
    const auto data = load_dataset(trial.data, {});
    Model model(trial.model, trial.loss, {2, 1, 1}, {.training = {50}, .evaluation = {50}}, trial.seed);
    NaiveMlp naive(model.weights(), 2, 8, 3);
    std::vector<std::uint32_t> rows(50);
    std::iota(rows.begin(), rows.end(), 0u);
    const double gradient = norm(naive.mean(data->train, rows).gradient), weights = norm(naive.weights());
    const Record record = run(trial, registry);
    BOOST_TEST(record.find("gradient_norm")->final == gradient, tt::tolerance(1e-4));
    BOOST_TEST(record.find("update_norm")->final == 1e-6 * gradient, tt::tolerance(2e-2));  // floats near 1 have steps of 1e-7
    BOOST_TEST(record.find("update_ratio")->final == 1e-6 * gradient / weights, tt::tolerance(2e-2));
    BOOST_TEST(record.find("curvature")->final == naive_eigenvalue(naive, data->train, rows), tt::tolerance(2e-2));
    BOOST_TEST((record.curves.back().metric == "curvature"));
}

BOOST_AUTO_TEST_CASE(instruments_do_not_touch_the_training) {
    const TrialSpec plain = blobs_trial(registry, 150, 4);
    TrialSpec watched = plain;
    watched.instruments = {.norms = true, .curvature = true, .landscape = LandscapeSpec{2, 5, 0.5}, .samples = 40};
    const Record a = run(plain, registry), b = run(watched, registry);
    for (const Curve& curve : a.curves) BOOST_TEST(b.find(curve.metric)->values == curve.values, tt::per_element());
    BOOST_TEST((a.decision->classes == b.decision->classes));
    BOOST_TEST_REQUIRE(b.landscape.has_value());
    BOOST_TEST(b.landscape->losses.size() == 25u);
    BOOST_TEST(!a.landscape.has_value());
}

BOOST_AUTO_TEST_CASE(means_are_over_the_updates_of_an_epoch) {
    TrialSpec trial = blobs_trial(registry, 128, 3, 0.1);  // two updates of 32
    trial.instruments = {.norms = true};
    const Record record = run(trial, registry);
    for (std::size_t epoch = 0; epoch < 3; ++epoch)  // plain gradient descent moves by the rate times the gradient
        BOOST_TEST(record.find("update_norm")->values[epoch] == 0.1F * record.find("gradient_norm")->values[epoch], tt::tolerance(1e-4F));
}

BOOST_AUTO_TEST_CASE(a_slice_goes_as_far_as_each_outputs_weights_are_long) {
    // A matrix of two outputs, |row 0| = 5 and |row 1| = 13, and a bias that must not move: its curvature would show.
    const std::vector<float> weights{3, 4, 5, 12, 100, 100};
    const std::vector<TensorInfo> tensors{{"w", 0, 4, {2, 2}, TensorRole::weight, 1}, {"b", 4, 2, {2}, TensorRole::bias, 1}};
    Quadratic loss({1, 1, 1, 1, 1e9, 1e9}, {3, 4, 5, 12, 100, 100});
    const Landscape line = loss_slice(loss, weights, tensors, {1, 5, 2}, 7);
    const double unit = (25.0 + 169.0) / 2;  // at a distance of 1
    const std::vector<double> expected{4 * unit, unit, 0, unit, 4 * unit};
    BOOST_TEST_REQUIRE(line.losses.size() == 5u);
    for (std::size_t i = 0; i < 5; ++i) BOOST_TEST(std::abs(line.losses[i] - expected[i]) <= 1e-4 * unit, i << ": " << line.losses[i]);
    const Landscape plane = loss_slice(loss, weights, tensors, {2, 3, 1}, 7);
    BOOST_TEST_REQUIRE(plane.losses.size() == 9u);
    BOOST_TEST(plane.losses[4] == 0);
    for (const std::size_t side : {1u, 3u, 5u, 7u}) BOOST_TEST(plane.losses[side] == unit, tt::tolerance(1e-4));
    BOOST_TEST(plane.losses[0] == plane.losses[8], tt::tolerance(1e-4));
    BOOST_TEST(loss_slice(loss, weights, tensors, {2, 3, 1}, 8).losses[0] != plane.losses[0]);
}

BOOST_AUTO_TEST_SUITE_END()
