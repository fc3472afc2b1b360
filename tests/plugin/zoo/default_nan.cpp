#include "zoo.hpp"

constexpr etude_param params[] = {zoo::real("beta", __builtin_nan(""))};
ZOO(with(schedule("default_nan"), params))
