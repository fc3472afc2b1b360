#include "zoo.hpp"

constexpr const char* words[] = {"at", "after", nullptr};
constexpr etude_param params[] = {[] { etude_param p = zoo::param("fires", ETUDE_CHOICE); p.words = words; p.fallback.integer = 2; return p; }()};
ZOO(with(schedule("choice_default"), params))
