#include "zoo.hpp"

ZOO(schedule("newer_minor"), t.minor = 7)
