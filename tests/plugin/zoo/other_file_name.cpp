#include "zoo.hpp"

ZOO(schedule("its_own_name"))
