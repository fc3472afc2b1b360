#include "tensor/team.hpp"

#include <boost/test/unit_test.hpp>
#include <omp.h>

#include <vector>

#include "base/denormals.hpp"

using namespace etude;

BOOST_AUTO_TEST_SUITE(tensor_team)

BOOST_AUTO_TEST_CASE(a_team_has_its_threads_as_long_as_it_lives) {
    omp_set_num_threads(1);
    {
        const Team three(3);
        BOOST_TEST(omp_get_max_threads() == 3);
        {
            const Team one(1);
            BOOST_TEST(omp_get_max_threads() == 1);
        }
        BOOST_TEST(omp_get_max_threads() == 3);
    }
    BOOST_TEST(omp_get_max_threads() == 1);
}

BOOST_AUTO_TEST_CASE(all_of_its_threads_flush_denormals) {
    const FlushDenormals flush;
    const Team team(3);
    std::vector<float> halves(3, 1.0f);
#pragma omp parallel
    {
        volatile float smallest = 1.17549435e-38f;
        halves[static_cast<std::size_t>(omp_get_thread_num())] = smallest / 2;
    }
    for (const float half : halves) BOOST_TEST(half == 0.0f);
}

BOOST_AUTO_TEST_SUITE_END()
