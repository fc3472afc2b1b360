#include "zoo.hpp"

ZOO(schedule(nullptr))
