#include "zoo.hpp"

constexpr etude_param params[] = {[] { etude_param p = zoo::param("nesterov", ETUDE_FLAG); p.fallback.integer = 2; return p; }()};
ZOO(with(optimizer("flag_of_two"), params))
