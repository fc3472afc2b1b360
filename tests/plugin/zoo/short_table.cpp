#include "zoo.hpp"

ZOO(schedule("short_table"), t.size = 40)
