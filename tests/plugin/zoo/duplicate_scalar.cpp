#include "zoo.hpp"

constexpr etude_scalar scalars[] = {{"best", 0, 1}, {"best", 0, 1}};
ZOO(with(schedule("duplicate_scalar"), scalars))
