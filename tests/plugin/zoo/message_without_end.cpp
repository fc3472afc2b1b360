#include <cstring>

#include "zoo.hpp"

int fail(const void*, const etude_step*, etude_error* error) {
    std::memset(error->message, 'x', sizeof error->message);
    return 1;
}
constexpr etude_optimizer functions = [] { etude_optimizer o = zoo::good_optimizer; o.step[ETUDE_BASE] = &fail; return o; }();
ZOO(optimizer("message_without_end"), t.optimizer = &functions)