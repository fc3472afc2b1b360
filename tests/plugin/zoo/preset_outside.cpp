#include "zoo.hpp"

constexpr etude_param params[] = {zoo::real("beta", 0.9)};
constexpr etude_value values[] = {{.real = 1.5}};
constexpr etude_preset presets[] = {{"keras", "", values, 0, 0, 0, 0, 0}};
ZOO(with(with(zoo::optimizer("preset_outside"), params), presets))
