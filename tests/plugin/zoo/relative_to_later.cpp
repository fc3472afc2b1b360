#include "zoo.hpp"

constexpr etude_param params[] = {[] { etude_param p = zoo::real("start", 0.1); p.relative_to = "max"; return p; }(), zoo::real("max", 1)};
ZOO(with(schedule("relative_to_later"), params))
