#include "zoo.hpp"

constexpr etude_param params[] = {zoo::real("warmup", 0)};
ZOO(with(schedule("reserved_key"), params))
