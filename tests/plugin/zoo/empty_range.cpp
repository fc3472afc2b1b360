#include "zoo.hpp"

constexpr etude_param params[] = {zoo::real("end", 0.5, 1, 0)};
ZOO(with(schedule("empty_range"), params))
