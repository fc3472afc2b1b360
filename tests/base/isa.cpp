#include "base/isa.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <string>

#include "base/error.hpp"

namespace {

using namespace etude;

/// ETUDE_ISA for the length of a scope.
class Forced {
  public:
    explicit Forced(const char* word) {
        if (const char* before = std::getenv("ETUDE_ISA")) before_ = before;
        setenv("ETUDE_ISA", word, 1);
    }
    ~Forced() {
        if (before_.empty()) unsetenv("ETUDE_ISA");
        else setenv("ETUDE_ISA", before_.c_str(), 1);
    }

  private:
    std::string before_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(isa)

BOOST_AUTO_TEST_CASE(every_available_one_can_be_forced) {
    for (const Isa wanted : available_isas()) {
        const Forced forced(std::string(isa_name(wanted)).c_str());
        BOOST_TEST((chosen_isa() == wanted));
    }
}

BOOST_AUTO_TEST_CASE(without_the_variable_the_best_one_is_chosen) {
    const Forced forced("");
    BOOST_TEST((chosen_isa() == available_isas().back()));
}

BOOST_AUTO_TEST_CASE(an_unknown_word_is_an_error) {
    const Forced forced("avx512");
    BOOST_CHECK_EXCEPTION(chosen_isa(), Error, [](const Error& e) {
        return std::string(e.what()) == "ETUDE_ISA=avx512: not an instruction set" && e.hint() == "one of: baseline, v3, v4";
    });
}

BOOST_AUTO_TEST_SUITE_END()
