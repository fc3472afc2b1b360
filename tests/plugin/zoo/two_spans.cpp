#include "zoo.hpp"

constexpr etude_param span(const char* name) { etude_param p = zoo::length(name, 1); p.flags = ETUDE_SPAN; return p; }
constexpr etude_param params[] = {span("up"), span("down")};
ZOO(with(schedule("two_spans"), params))
