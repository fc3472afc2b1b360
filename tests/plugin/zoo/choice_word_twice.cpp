#include "zoo.hpp"

constexpr const char* words[] = {"at", "at", nullptr};
constexpr etude_param params[] = {[] { etude_param p = zoo::param("fires", ETUDE_CHOICE); p.words = words; return p; }()};
ZOO(with(schedule("choice_word_twice"), params))
