#include "zoo.hpp"

ZOO(schedule("BadName"))
