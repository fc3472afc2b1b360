#include "zoo.hpp"

ZOO(schedule("schedule_with_lr"), t.lr = 0.1)
