/* The contract alone, as C11. */
#include <etude/abi.h>

_Static_assert(sizeof(etude_value) == 16, "two words cross for every parameter");
_Static_assert(sizeof(etude_length) == 16, "frozen within a major");
