#include "zoo.hpp"

constexpr etude_param params[] = {zoo::length("up", 1), [] { etude_param p = zoo::real("start", 0.1); p.relative_to = "up"; return p; }()};
ZOO(with(schedule("relative_to_other_type"), params))
