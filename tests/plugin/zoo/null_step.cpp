#include "zoo.hpp"

constexpr etude_optimizer functions = [] { etude_optimizer o = zoo::good_optimizer; o.step[ETUDE_BASE] = nullptr; return o; }();
ZOO(optimizer("null_step"), t.optimizer = &functions)
