#include "zoo.hpp"

constexpr etude_param params[] = {[] { etude_param p = zoo::param("values", ETUDE_REALS); p.fallback.reals = {nullptr, 3}; return p; }()};
ZOO(with(schedule("null_list"), params))
