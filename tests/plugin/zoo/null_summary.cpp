#include "zoo.hpp"

ZOO(schedule("null_summary"), t.summary = nullptr)
