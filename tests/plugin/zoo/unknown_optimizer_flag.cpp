#include "zoo.hpp"

constexpr etude_optimizer functions = [] { etude_optimizer o = zoo::good_optimizer; o.flags = 64; return o; }();
ZOO(optimizer("unknown_optimizer_flag"), t.optimizer = &functions)
