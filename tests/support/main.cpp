// The one translation unit with Boost.Test's main function.
#define BOOST_TEST_MODULE etude
#include <boost/test/unit_test.hpp>
