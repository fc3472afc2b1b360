#include "zoo.hpp"

constexpr etude_param params[] = {zoo::real("a", 0)};
ZOO(with(schedule("narrow_params"), params), t.param_size = 16)
