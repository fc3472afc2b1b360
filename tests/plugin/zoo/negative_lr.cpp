#include "zoo.hpp"

ZOO(optimizer("negative_lr"), t.lr = -0.1)
