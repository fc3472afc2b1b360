#include "zoo.hpp"

constexpr etude_param params[] = {zoo::real("a", 0)};
ZOO(with(schedule("too_many_params"), params), t.n_params = 65)
