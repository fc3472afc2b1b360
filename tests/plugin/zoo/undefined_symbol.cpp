// Linked without -z defs: the loader looks for a function that is nowhere.
#include "zoo.hpp"

extern "C" double etude_zoo_nobody_defines_this(const void*, const etude_clock*, const double*, etude_error*);

constexpr etude_schedule functions = [] { etude_schedule s = zoo::good_schedule; s.factor = &etude_zoo_nobody_defines_this; return s; }();
ZOO(schedule("undefined_symbol"), t.schedule = &functions)
