#include "zoo.hpp"

constexpr etude_param params[] = {[] { etude_param p = zoo::real("end", 0); p.flags = ETUDE_RATE; return p; }(), zoo::real("end_ratio", 0)};
ZOO(with(schedule("ratio_collision"), params))
