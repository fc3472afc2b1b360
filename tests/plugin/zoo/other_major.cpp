#include "zoo.hpp"

ZOO(schedule("other_major"), t.major = 2)
