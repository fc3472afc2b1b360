#include "zoo.hpp"

ZOO(schedule("long_table"), t.size = 4096)
