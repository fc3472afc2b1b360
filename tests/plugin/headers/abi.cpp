// The contract alone, as C++20.
#include <etude/abi.h>

static_assert(sizeof(etude_value) == 16 && sizeof(etude_length) == 16);
