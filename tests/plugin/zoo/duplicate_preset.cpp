#include "zoo.hpp"

constexpr etude_preset presets[] = {{"keras", "", nullptr, 0, 0, 0, 0, 0}, {"keras", "", nullptr, 0, 0, 0, 0, 0}};
ZOO(with(optimizer("duplicate_preset"), presets))
