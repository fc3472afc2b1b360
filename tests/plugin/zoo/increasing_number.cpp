#include "zoo.hpp"

constexpr etude_param params[] = {[] { etude_param p = zoo::real("end", 0); p.flags = ETUDE_INCREASING; return p; }()};
ZOO(with(schedule("increasing_number"), params))
