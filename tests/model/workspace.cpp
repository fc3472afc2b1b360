// What only a neighbour reads is lent again: how much of it a network needs, and that no plan of a model disturbs another.
#include "layers/workspace.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>

#include "base/aligned.hpp"
#include "base/isa.hpp"
#include "layers/builders.hpp"
#include "model/model.hpp"
#include "model/plan.hpp"

using namespace etude;
using namespace etude::test;

namespace {

const InputShape shape{16, 8, 8};
constexpr std::size_t samples = 4;

/// `blocks` residual layers of two convolutions each.
ModelSpec deep(int blocks) {
    ModelSpec spec;
    for (int i = 0; i < blocks; ++i) spec.push_back(residual({conv2d(16, 3, {{"padding", std::string("same")}}), layer("batch_norm")}, {}, "relu"));
    spec.push_back(layer("global_avg_pool"));
    spec.push_back(layer("flatten"));
    spec.push_back(dense(3));
    return spec;
}

std::size_t lent_for(int blocks, Pass pass) {
    const ModelSpec spec = deep(blocks);
    const Component loss_used = loss("softmax_cross_entropy");
    AlignedBuffer<float> input(samples * shape.size()), weights(100'000), gradients(100'000), state(10'000);
    const auto workspace = std::make_shared<Workspace>();
    const Plan plan({spec, loss_used, shape, input.data(), {weights.data(), gradients.data(), state.data()}, 1, &kernels_for(chosen_isa()),
                     workspace},
                    samples, pass);
    return workspace->floats();
}

std::vector<float> gradients_of(Model& model, const ReferenceBatch& batch, std::size_t count) {
    std::memcpy(model.input(), batch.inputs.data(), count * shape.size() * sizeof(float));
    model.train({std::span(batch.labels).first(count), {}}, count, 0);
    return {model.gradients().begin(), model.gradients().end()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(workspace)

BOOST_AUTO_TEST_CASE(a_slot_is_lent_again_and_another_is_other_memory) {
    Workspace memory;
    float* const large = memory.lend(2, 1000);
    BOOST_TEST(memory.lend(2, 10) == large);
    BOOST_TEST(memory.lend(3, 10) != large);
    BOOST_TEST(memory.lend(2, 2000) != large);
    BOOST_TEST(memory.floats() == 3010U);
}

BOOST_AUTO_TEST_CASE(no_two_lists_share_a_slot) {
    const ListPlace root;
    std::vector<std::uint64_t> slots;
    for (const ListPlace& list : {root, root.body(), root.shortcut(), root.shortcut_input(), root.body().body(), root.body().shortcut(),
                                  root.shortcut().body(), root.shortcut().shortcut_input(), root.body().body().body()})
        for (const bool odd : {false, true}) slots.push_back(list.slot(odd));
    std::ranges::sort(slots);
    BOOST_TEST((std::ranges::adjacent_find(slots) == slots.end()));
}

BOOST_AUTO_TEST_CASE(a_deeper_network_needs_no_more_of_it) {
    for (const Pass pass : {Pass::training, Pass::evaluation}) {
        BOOST_TEST(lent_for(2, pass) > 0U);
        BOOST_TEST(lent_for(9, pass) == lent_for(2, pass));
    }
}

BOOST_AUTO_TEST_CASE(batches_of_other_sizes_and_evaluations_between_change_no_bit) {
    const ReferenceBatch batch = random_images(samples, shape, 3, 5);
    Model alone(deep(3), loss("softmax_cross_entropy"), shape, {{samples}, {samples}}, 1);
    Model mixed(deep(3), loss("softmax_cross_entropy"), shape, {{samples, samples - 1}, {samples, 1}}, 1);
    const auto expected = gradients_of(alone, batch, samples);
    BOOST_TEST(gradients_of(mixed, batch, samples) == expected, boost::test_tools::per_element());
    gradients_of(mixed, batch, samples - 1);
    mixed.evaluate({batch.labels, {}}, samples);
    std::vector<float> outputs(mixed.outputs());
    mixed.predict(1, outputs.data());
    BOOST_TEST(gradients_of(mixed, batch, samples) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
