#include "zoo.hpp"

constexpr etude_param params[] = {[] { etude_param p = zoo::real("end", 0); p.doc = nullptr; return p; }()};
ZOO(with(schedule("null_doc"), params))
