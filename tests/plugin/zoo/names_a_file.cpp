#include "zoo.hpp"

constexpr etude_param params[] = {[] { etude_param p = zoo::param("file", ETUDE_TEXT); p.flags = ETUDE_FILE; return p; }()};
ZOO(with(schedule("names_a_file"), params))
