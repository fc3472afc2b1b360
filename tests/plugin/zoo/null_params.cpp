#include "zoo.hpp"

ZOO(schedule("null_params"), t.n_params = 2)
