#include "zoo.hpp"

constexpr etude_schedule functions = [] { etude_schedule s = zoo::good_schedule; s.factor = nullptr; return s; }();
ZOO(schedule("null_factor"), t.schedule = &functions)
