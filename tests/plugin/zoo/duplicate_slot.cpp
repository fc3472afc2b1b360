#include "zoo.hpp"

constexpr const char* slots[] = {"m", "v", "m", nullptr};
constexpr etude_optimizer functions = [] { etude_optimizer o = zoo::good_optimizer; o.slots = slots; return o; }();
ZOO(optimizer("duplicate_slot"), t.optimizer = &functions)
