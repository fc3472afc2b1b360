#include "zoo.hpp"

constexpr etude_param params[] = {zoo::real("clip", 0)};
ZOO(with(optimizer("reserved_optimizer_key"), params))
