#include "zoo.hpp"

ZOO(optimizer("both_kinds"), t.schedule = &zoo::good_schedule)
