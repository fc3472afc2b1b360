// Damaged studies end in a study or in an Error, never in anything else. The damage is fixed by the number of the case.
#include <boost/test/unit_test.hpp>

#include "base/random.hpp"
#include "study/support.hpp"

namespace {

using namespace etude;
using namespace etude::test;

const std::string whole =
    "study: fuzz   # 注释\n"
    "question: \"学习率?\"\n"
    "data: {name: blobs, samples: 100, centers: 3, features: 2, train: 50}\n"
    "model:\n"
    "  - dense: {units: 5, activation: relu}\n"
    "  - dense: {units: 3}\n"
    "loss: {name: softmax_cross_entropy, label_smoothing: 0.1}\n"
    "train: {epochs: 2, batch: 32}\n"
    "optimizer: &o {name: sgd, lr: 0.1, momentum: 0.9, clip: {norm: 1}}\n"
    "schedule: {sequence: [{name: cosine, end: 0.001, warmup: {length: {epochs: 1}}, for: {epochs: 1}}, {product: [plateau, linear], clip: [0, "
    "0.1]}]}\n"
    "seeds: [0, 1, 7]\n"
    "metric: {name: test_accuracy, goal: maximize, at: {epoch: 1}}\n"
    "target: {test_accuracy: 0.8}\n"
    "sweep:\n"
    "  - optimizer.lr: {log: [1e-3, 1], points: 4}\n"
    "    zip: {train.epochs: [2, 3], train.batch: [10, 20]}\n"
    "    exclude: [{optimizer.lr: 1, train.epochs: 3}]\n"
    "  - optimizer: [{<<: *o, lr: 1, as: one}, {name: adam, lr: 0.1}]\n";

std::string damaged(std::uint64_t number) {
    static const std::string characters = "{}[]:,-\n \"'&*!|>#%@`?<0123456789abcdefe\t\x01\xff";
    Rng rng(number, "fuzz");
    std::string text = number % 3 == 0 ? whole.substr(0, rng.below(static_cast<std::uint32_t>(whole.size()))) : whole;
    for (std::uint32_t edits = rng.below(6); edits > 0 && !text.empty(); --edits) {
        const auto size = static_cast<std::uint32_t>(text.size());
        const std::uint32_t at = rng.below(size);
        const char character = characters[rng.below(static_cast<std::uint32_t>(characters.size()))];
        switch (rng.below(4)) {
            case 0:
                text[at] = character;
                break;
            case 1:
                text.insert(at, 1, character);
                break;
            case 2:
                text.erase(at, 1 + rng.below(4));
                break;
            default:
                text.insert(at, text.substr(rng.below(size), rng.below(20)));
        }
    }
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(study_fuzz)

BOOST_AUTO_TEST_CASE(two_thousand_damaged_studies_end_in_a_study_or_an_error) {
    const TemporaryFolder folder;
    Registry registry = plugins();
    std::size_t accepted = 0, refused = 0;
    for (std::uint64_t number = 0; number < 2000; ++number) {
        const std::string text = damaged(number);
        try {
            Study::read(folder.write("study.yaml", text), registry, {{}, DataPaths::standard()});
            ++accepted;
        } catch (const Error& error) {
            ++refused;
            BOOST_TEST(std::string(error.what()).size() > 0u);
        } catch (const std::exception& other) {
            BOOST_ERROR("case " << number << ": " << other.what() << "\n" << text);
        }
    }
    BOOST_TEST(accepted > 100u);
    BOOST_TEST(refused > 1000u);
}

BOOST_AUTO_TEST_SUITE_END()
