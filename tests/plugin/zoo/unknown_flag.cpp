#include "zoo.hpp"

constexpr etude_param params[] = {[] { etude_param p = zoo::real("end", 0); p.flags = 1u << 20; return p; }()};
ZOO(with(schedule("unknown_flag"), params))
