#include "skeleton.hpp"

struct Bad : Skeleton {
    double beta = 0.9;
#ifdef FIXED
    static constexpr auto params() { return std::tuple{etude::param("beta", &Bad::beta, etude::right_open(0, 1), "")}; }
#else
    static constexpr auto params() { return std::tuple{etude::param("beta", &Bad::beta, "")}; }
#endif
};
ETUDE_PLUGIN(Bad)
