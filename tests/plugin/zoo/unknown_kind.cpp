#include "zoo.hpp"

ZOO(schedule("unknown_kind"), t.kind = 3)
