#include "zoo.hpp"

ZOO(schedule("null_create"), t.create = nullptr)
