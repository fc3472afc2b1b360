#include "zoo.hpp"

constexpr const char* slots[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", nullptr};
constexpr etude_optimizer functions = [] { etude_optimizer o = zoo::good_optimizer; o.slots = slots; return o; }();
ZOO(optimizer("too_many_slots"), t.optimizer = &functions)
