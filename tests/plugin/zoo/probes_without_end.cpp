#include "zoo.hpp"

constexpr etude_optimizer functions = [] {
    etude_optimizer o = zoo::good_optimizer;
    o.probe = [](const void*, const etude_step*, float*, etude_error*) { return 0; };
    o.max_probes = 0;
    return o;
}();
ZOO(optimizer("probes_without_end"), t.optimizer = &functions)
