#include "zoo.hpp"

constexpr etude_param params[] = {zoo::param("mode", ETUDE_CHOICE)};
ZOO(with(schedule("choice_without_words"), params))
