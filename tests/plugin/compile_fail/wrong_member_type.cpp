#include "skeleton.hpp"

struct Bad : Skeleton {
#ifdef FIXED
    std::int64_t size = 3;
#else
    unsigned char size = 3;
#endif
    static constexpr auto params() { return std::tuple{etude::param("size", &Bad::size, etude::closed(0, 9), "")}; }
};
ETUDE_PLUGIN(Bad)
