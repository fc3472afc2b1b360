#include "zoo.hpp"

constexpr etude_optimizer functions = [] { etude_optimizer o = zoo::good_optimizer; o.flags = ETUDE_ELEMENTWISE | ETUDE_GLOBAL; return o; }();
ZOO(optimizer("elementwise_and_global"), t.optimizer = &functions)
