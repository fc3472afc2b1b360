#include "zoo.hpp"

constexpr etude_preset presets[] = {{"keras", "", nullptr, 0, 9, 0, 0, 0}};
ZOO(with(schedule("preset_unknown_unit"), presets))
