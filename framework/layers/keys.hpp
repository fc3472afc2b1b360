// framework/layers/keys.hpp - the keys that layers with weights have in common.
#pragma once
#include "base/value.hpp"

namespace etude {

Parameter activation_key();
Parameter init_key();
Parameter init_value_key();
Parameter bias_key();

}  // namespace etude
