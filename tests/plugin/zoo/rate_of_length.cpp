#include "zoo.hpp"

constexpr etude_param params[] = {[] { etude_param p = zoo::length("end", 1); p.flags = ETUDE_RATE; return p; }()};
ZOO(with(schedule("rate_of_length"), params))
