#include "zoo.hpp"

ZOO(schedule("wrong_magic"), t.magic = 0xDEADBEEF)
