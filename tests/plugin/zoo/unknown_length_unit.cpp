#include "zoo.hpp"

constexpr etude_param params[] = {[] { etude_param p = zoo::length("size", 1); p.fallback.length.unit = 9; return p; }()};
ZOO(with(schedule("unknown_length_unit"), params))
