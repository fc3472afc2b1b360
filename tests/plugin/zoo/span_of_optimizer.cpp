#include "zoo.hpp"

constexpr etude_param params[] = {[] { etude_param p = zoo::length("horizon", 1); p.flags = ETUDE_SPAN; return p; }()};
ZOO(with(optimizer("span_of_optimizer"), params))
