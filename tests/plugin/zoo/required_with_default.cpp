#include "zoo.hpp"

constexpr etude_param params[] = {[] { etude_param p = zoo::real("start", 0.1); p.relative_to = "lr"; p.flags = ETUDE_REQUIRED; return p; }()};
ZOO(with(schedule("required_with_default"), params))
