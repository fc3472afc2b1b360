#include "data/row_split.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/text.hpp"
#include "data/numpy_random.hpp"
#include "data/type.hpp"

namespace etude {
namespace {

constexpr double usual_share = 0.8;  // of the rows for training, when neither key is given
constexpr double largest_seed = 4294967295.0;

enum class Rounding { down, up };

/// A share below 1, or a count.
std::size_t rows_of(const Values& values, std::string_view key, std::size_t rows, Rounding rounding) {
    const double given = values.real(key), all = static_cast<double>(rows);
    if (given >= 1 && given != std::floor(given))
        throw Error(fmt::format("{} = {} is neither a share below 1 nor a whole count", key, number(given)));
    if (given > all) throw Error(fmt::format("{} = {} is more than the {} rows there are", key, number(given), rows));
    const double exact = given < 1 ? given * all : given;
    return static_cast<std::size_t>(rounding == Rounding::down ? std::floor(exact) : std::ceil(exact));
}

}  // namespace

Schema row_split_schema() {
    return {optional(real("train", 0, above(0), "Share (below 1) or count of the rows for training; what `test` leaves, or 0.8, unless given.")),
            optional(real("test", 0, at_least(0), "Share (below 1) or count of the rows for the test; what `train` leaves unless given.")),
            flag("shuffle", true, "Take the parts from shuffled rows, as scikit-learn's train_test_split does; no: the first rows for training."),
            integer("random_state", 0, closed(0, largest_seed), "Seed of the split, not of the trial."), validation_key()};
}

RowSplit split_rows(const Values& values, std::size_t rows) {
    const bool has_test = values.has("test");
    std::size_t test = has_test ? rows_of(values, "test", rows, Rounding::up) : 0;
    const std::size_t train = values.has("train") ? rows_of(values, "train", rows, Rounding::down)
                              : has_test          ? rows - test
                                                  : static_cast<std::size_t>(std::floor(usual_share * static_cast<double>(rows)));
    if (!has_test) test = rows - train;
    if (train == 0) throw Error(fmt::format("none of the {} rows is left for training", rows), "a larger `train`, or a smaller `test`");
    if (train + test > rows)
        throw Error(fmt::format("{} rows for training and {} for the test are more than the {} rows there are", train, test, rows));

    std::vector<std::uint32_t> order(rows);
    std::iota(order.begin(), order.end(), 0u);
    const bool shuffled = values.flag("shuffle");
    if (shuffled) NumpyRandom(static_cast<std::uint32_t>(values.integer("random_state"))).shuffle(order);
    const auto from = [&](std::size_t first, std::size_t count) {
        const auto begin = order.begin() + static_cast<std::ptrdiff_t>(first);
        return std::vector<std::uint32_t>(begin, begin + static_cast<std::ptrdiff_t>(count));
    };
    return {.train = from(shuffled ? test : 0, train), .test = from(shuffled ? 0 : train, test)};
}

}  // namespace etude
