#include "zoo.hpp"

constexpr etude_scalar scalars[] = {{"history", 0, 5000}};
ZOO(with(schedule("huge_scalar"), scalars))
