#include "zoo.hpp"

ZOO(schedule("huge_self"), t.self_size = 70000)
