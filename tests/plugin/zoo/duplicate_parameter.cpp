#include "zoo.hpp"

constexpr etude_param params[] = {zoo::real("end", 0), zoo::real("power", 1), zoo::real("end", 0)};
ZOO(with(schedule("duplicate_parameter"), params))
