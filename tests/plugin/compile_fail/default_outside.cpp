#include "skeleton.hpp"

struct Bad : Skeleton {
#ifdef FIXED
    double beta = 0.9;
#else
    double beta = 1.0;
#endif
    static constexpr auto params() { return std::tuple{etude::param("beta", &Bad::beta, etude::right_open(0, 1), "")}; }
};
ETUDE_PLUGIN(Bad)
