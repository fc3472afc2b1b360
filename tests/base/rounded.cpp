#include "base/rounded.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace etude;

BOOST_AUTO_TEST_SUITE(rounding)

BOOST_AUTO_TEST_CASE(numbers_have_four_digits_and_no_more) {
    BOOST_TEST(rounded(0.00421696503429) == "0.004217");
    BOOST_TEST(rounded(-123.456) == "-123.5");
    BOOST_TEST(rounded(20000.4) == "20000");
    BOOST_TEST(rounded(0.1) == "0.1");
    BOOST_TEST(rounded(std::nan("")) == "nan");
}

BOOST_AUTO_TEST_CASE(texts_are_kept_unless_they_are_longer_reals) {
    BOOST_TEST(rounded_text("0.0133352143216") == "0.01334");
    BOOST_TEST(rounded_text("1.234567e-9") == "1.235e-9");
    for (const char* kept : {"0.001", "1e-3", "60000", "123456789", "cosine", "[0.123456, 0.2]", "1.5.2", "", ".inf", "v1.25e"})
        BOOST_TEST(rounded_text(kept) == kept);
}

BOOST_AUTO_TEST_SUITE_END()
