#include "zoo.hpp"

ZOO(optimizer("no_functions"), t.optimizer = nullptr)
