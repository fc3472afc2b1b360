#include "zoo.hpp"

constexpr etude_optimizer functions = [] { etude_optimizer o = zoo::good_optimizer; o.slots = nullptr; return o; }();
ZOO(optimizer("null_slots"), t.optimizer = &functions)
