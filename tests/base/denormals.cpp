#include "base/denormals.hpp"

#include <boost/test/unit_test.hpp>

using etude::FlushDenormals;

namespace {

float times(float a, float b) {
    volatile float x = a, y = b;  // at run time, not by the compiler
    return x * y;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(denormals)

BOOST_AUTO_TEST_CASE(they_are_zero_while_a_guard_lives_and_come_back_after_it) {
    BOOST_TEST(times(1e-30f, 1e-10f) > 0.0f);
#if defined(__x86_64__) || defined(__aarch64__)
    {
        const FlushDenormals flush;
        BOOST_TEST(times(1e-30f, 1e-10f) == 0.0f);
        BOOST_TEST(times(1e-30f, 1e-7f) > 0.0f);  // not denormal
    }
#endif
    BOOST_TEST(times(1e-30f, 1e-10f) > 0.0f);
}

BOOST_AUTO_TEST_SUITE_END()
