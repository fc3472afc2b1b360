#include "zoo.hpp"

constexpr etude_param params[] = {zoo::real("beta-1", 0)};
ZOO(with(schedule("bad_parameter_name"), params))
