#include "skeleton.hpp"

struct Bad : Skeleton {
#ifndef FIXED
    static constexpr int factor = 1;
    static constexpr const char* source() { return ""; }
#endif
};
ETUDE_PLUGIN(Bad)
