#include "zoo.hpp"

constexpr etude_param params[] = {zoo::real("beta", 1.5)};
ZOO(with(schedule("default_outside"), params))
