// Draws against tables/draws.csv, made by tables/draws.py with exact arithmetic and other libraries.
#include "study/draws.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

#include "base/files.hpp"
#include "base/text.hpp"
#include "study/support.hpp"

namespace {

using namespace etude;
using namespace etude::test;

using Row = std::vector<std::string>;

std::vector<Row> rows_of(const std::string& kind) {
    std::vector<Row> rows;
    for (const std::string& line : split(read_file(ETUDE_SOURCE_DIR "/tests/study/tables/draws.csv"), '\n'))
        if (line.starts_with(kind + ",")) rows.push_back(split(line, ','));
    BOOST_TEST_REQUIRE(!rows.empty());
    return rows;
}

Distribution::Kind kind_of(const std::string& name) {
    using Kind = Distribution::Kind;
    if (name == "uniform") return Kind::uniform;
    if (name == "log_uniform") return Kind::log_uniform;
    return name == "int_uniform" ? Kind::int_uniform : Kind::one_minus_log_uniform;
}

Study swept(const std::string& sweep, const std::vector<std::string>& overrides = {}) {
    return read_text(network + sgd + "sweep:\n" + sweep, overrides);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(study_draws)

BOOST_AUTO_TEST_CASE(random_places_are_those_of_the_table) {
    for (const Row& row : rows_of("random"))
        BOOST_TEST_CONTEXT(join(row, ",")) {
            const auto places = random_places(std::stoull(row[1]), row[2], row.size() - 3);
            for (std::size_t i = 0; i < places.size(); ++i) BOOST_TEST(places[i] == *parse_real(row[i + 3]));
        }
}

BOOST_AUTO_TEST_CASE(halton_places_are_those_of_the_table) {
    for (const Row& row : rows_of("halton"))
        BOOST_TEST_CONTEXT(join(row, ",")) {
            const auto seed = row[2].empty() ? std::nullopt : std::optional<std::uint64_t>(std::stoull(row[2]));
            const auto places = halton_places(std::stoul(row[1]), seed, row.size() - 3);
            for (std::size_t i = 0; i < places.size(); ++i) BOOST_TEST(std::abs(places[i] - *parse_real(row[i + 3])) < 1e-15);
        }
}

BOOST_AUTO_TEST_CASE(values_are_those_of_the_table) {
    for (const Row& row : rows_of("value"))
        BOOST_TEST_CONTEXT(join(row, ",")) {
            const Distribution distribution{kind_of(row[1]), *parse_real(row[2]), *parse_real(row[3]), row[4].empty() ? 0 : *parse_real(row[4])};
            BOOST_TEST(value_at(distribution, *parse_real(row[5])) == *parse_real(row[6]));
        }
}

BOOST_AUTO_TEST_CASE(more_draws_leave_the_first_ones_as_they_are) {
    for (const auto seed : {std::optional<std::uint64_t>(), std::optional<std::uint64_t>(3)}) {
        const auto few = halton_places(2, seed, 10), many = halton_places(2, seed, 100);
        BOOST_TEST(std::equal(few.begin(), few.end(), many.begin()));
    }
    const auto few = random_places(3, "a", 10), many = random_places(3, "a", 100);
    BOOST_TEST(std::equal(few.begin(), few.end(), many.begin()));
}

BOOST_AUTO_TEST_CASE(scrambled_halton_points_are_as_even_as_plain_ones) {
    constexpr std::size_t bases[] = {2, 3, 5, 7};
    for (std::size_t axis = 0; axis < 4; ++axis) {
        const std::size_t cells = bases[axis] * bases[axis];
        std::vector<std::size_t> hits(cells, 0);
        for (const double place : halton_places(axis, 11, 3 * cells)) ++hits[static_cast<std::size_t>(place * static_cast<double>(cells))];
        for (const std::size_t hit : hits) BOOST_TEST(hit == 3u);  // of every b^2 points in a row one in each b^2-th
    }
}

BOOST_AUTO_TEST_CASE(a_drawn_axis_has_the_values_of_the_table) {
    // log_uniform of the table's places 0.6238..., 0.4726..., 0.9542... of seed 0 between 1e-4 and 1
    BOOST_TEST(cells_of(swept("  optimizer.lr: {log_uniform: [1e-4, 1], draws: 3}\n")) == "0.0312793716967|0.00777278080629|0.656052164176");
    BOOST_TEST(cells_of(swept("  optimizer.lr: {log_uniform: [1e-4, 1], draws: 3, seed: 0}\n")) == "0.0312793716967|0.00777278080629|0.656052164176");
    BOOST_TEST(cells_of(swept("  optimizer.lr: {log_uniform: [1e-4, 1], draws: 1, seed: 1}\n")) == "0.00086841857639");
    BOOST_TEST(cells_of(swept("  seed: 1\n  draws: 1\n  optimizer.lr: {log_uniform: [1e-4, 1]}\n")) == "0.00086841857639");
}

BOOST_AUTO_TEST_CASE(what_is_drawn_in_a_block_is_drawn_together_and_a_list_beside_it_is_tried_with_each) {
    const Study study = swept("  optimizer.lr: {log_uniform: [1e-4, 1], draws: 3}\n  train.batch: [5, 10]\n"
                              "  optimizer.momentum: {uniform: [0, 0.9]}\n");
    // momentum: 0.9 times the table's 0.43196..., 0.55334..., 0.01281...
    BOOST_TEST(cells_of(study) == "0.0312793716967,0.388764749924,5|0.0312793716967,0.388764749924,10|0.00777278080629,0.49800908532,5|"
                                  "0.00777278080629,0.49800908532,10|0.656052164176,0.0115375538487,5|0.656052164176,0.0115375538487,10");
    BOOST_TEST(labels_of(study) ==
               "lr 0.03128, momentum 0.3888, batch 5|lr 0.03128, momentum 0.3888, batch 10|lr 0.007773, momentum 0.498, batch 5|"
               "lr 0.007773, momentum 0.498, batch 10|lr 0.6561, momentum 0.01154, batch 5|lr 0.6561, momentum 0.01154, batch 10");
}

BOOST_AUTO_TEST_CASE(another_drawn_axis_leaves_the_draws_of_the_first_as_they_are) {
    const Study one = swept("  optimizer.lr: {log_uniform: [1e-4, 1], draws: 4}\n");
    const Study two = swept("  optimizer.momentum: {uniform: [0, 0.9]}\n  optimizer.lr: {log_uniform: [1e-4, 1], draws: 4}\n");
    for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(one.trial(i).optimizer.lr == two.trial(i).optimizer.lr);
}

BOOST_AUTO_TEST_CASE(halton_fills_several_axes_together) {
    const Study study = swept("  halton: {draws: 6, optimizer.lr: {log_uniform: [1e-4, 1]}, train.batch: {choice: [5, 10, 25]}}\n");
    BOOST_TEST(cells_of(study) == "0.01,10|0.001,25|0.1,5|0.000316227766017,10|0.0316227766017,25|0.00316227766017,5");
}

BOOST_AUTO_TEST_CASE(a_choice_may_draw_whole_mappings_and_equal_draws_are_one_configuration) {
    const Study study = swept("  draws: 8\n  optimizer: {choice: [{name: sgd, lr: 0.1, as: plain}, {name: adam, lr: 0.01}]}\n");
    BOOST_TEST(cells_of(study) == "adam,0.01|sgd,0.1");
    BOOST_TEST(labels_of(study) == "adam|plain");
}

BOOST_AUTO_TEST_CASE(whole_numbers_and_steps_are_drawn_where_an_integer_is_wanted) {
    const Study study = swept("  draws: 50\n  train.batch: {int_uniform: [3, 7]}\n  train.epochs: {log_uniform: [2, 64], step: 2}\n");
    std::set<std::uint64_t> batches;
    for (std::size_t i = 0; i < study.plan().trials.size(); ++i) {
        batches.insert(study.trial(i).train.batch);
        BOOST_TEST(study.trial(i).train.epochs % 2 == 0u);
    }
    BOOST_TEST((batches == std::set<std::uint64_t>{3, 4, 5, 6, 7}));
}

BOOST_AUTO_TEST_CASE(the_resolved_study_draws_the_same) {
    const Study study = swept("  - draws: 3\n    seed: 5\n    optimizer.lr: {log_uniform: [1e-4, 1]}\n"
                              "  - halton: {draws: 4, seed: 1, optimizer.momentum: {uniform: [0, 1]}}\n");
    BOOST_TEST((ids_of(read_text(study.resolved())) == ids_of(study)));
}

BOOST_AUTO_TEST_CASE(the_command_line_replaces_and_drops_what_is_drawn) {
    const std::string sweep = "  draws: 2\n  optimizer.lr: {log_uniform: [1e-4, 1]}\n  optimizer.momentum: {uniform: [0, 0.9]}\n";
    BOOST_TEST(cells_of(swept(sweep, {"optimizer.lr=0.5"})) == "0.388764749924|0.49800908532");
    BOOST_TEST(cells_of(swept(sweep, {"sweep.optimizer.lr=[0.1]"})) == "0.1,0.388764749924|0.1,0.49800908532");
    BOOST_TEST(cells_of(swept(sweep, {"sweep.draws=1"})) == "0.0312793716967,0.388764749924");
    const std::string halton = "  halton: {draws: 2, optimizer.lr: {log_uniform: [1e-4, 1]}, optimizer.momentum: {uniform: [0, 0.9]}}\n";
    BOOST_TEST(cells_of(swept(halton, {"optimizer.lr=0.5"})) == "0.45|0.225");
    BOOST_TEST(cells_of(swept(halton, {"sweep.optimizer.lr=[0.1]"})) == "0.45,0.1|0.225,0.1");
}

BOOST_AUTO_TEST_SUITE_END()
