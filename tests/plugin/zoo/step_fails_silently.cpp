#include "zoo.hpp"

int fail(const void*, const etude_step*, etude_error*) { return 1; }
constexpr etude_optimizer functions = [] { etude_optimizer o = zoo::good_optimizer; o.step[ETUDE_BASE] = &fail; return o; }();
ZOO(optimizer("step_fails_silently"), t.optimizer = &functions)
