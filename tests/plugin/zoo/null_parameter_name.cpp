#include "zoo.hpp"

constexpr etude_param params[] = {zoo::real(nullptr, 0)};
ZOO(with(schedule("null_parameter_name"), params))
