#include "data/circle.hpp"

#include "data/numpy_random.hpp"

namespace etude {

LabelledPoints make_circle(std::size_t samples, std::uint32_t random_state) {
    NumpyRandom random(random_state);
    LabelledPoints points;
    points.values.reserve(samples * 2);
    points.labels.reserve(samples);
    for (std::size_t i = 0; i < samples; ++i) {
        const double x = random.uniform(), y = random.uniform();
        points.values.insert(points.values.end(), {x, y});
        points.labels.push_back(x * x + y * y > 1 ? 1 : 0);
    }
    return points;
}

}  // namespace etude
