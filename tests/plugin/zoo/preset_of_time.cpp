#include "zoo.hpp"

constexpr etude_preset presets[] = {{"keras", "", nullptr, 0, 1, 0, 0, 0}};
ZOO(with(optimizer("preset_of_time"), presets))
