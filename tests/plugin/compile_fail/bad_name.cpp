#include "skeleton.hpp"

struct Bad : Skeleton {
#ifdef FIXED
    static constexpr auto name = "my_schedule";
#else
    static constexpr auto name = "My-Schedule";
#endif
};
ETUDE_PLUGIN(Bad)
