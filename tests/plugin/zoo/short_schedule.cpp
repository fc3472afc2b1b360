#include "zoo.hpp"

constexpr etude_schedule functions = [] { etude_schedule s = zoo::good_schedule; s.size = 8; return s; }();
ZOO(schedule("short_schedule"), t.schedule = &functions)
