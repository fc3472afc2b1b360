#include "zoo.hpp"

constexpr etude_param params[] = {zoo::param("end", 99)};
ZOO(with(schedule("unknown_type"), params))
