// How a name of others is written here is a schedule, or an optimizer, that a study takes.
#include "plugin/aliases.hpp"

#include <boost/test/unit_test.hpp>

#include "study/study.hpp"

using namespace etude;

BOOST_AUTO_TEST_SUITE(study_aliases)

BOOST_AUTO_TEST_CASE(what_an_alias_is_written_as_can_be_read) {
    Registry registry = Registry::standard();
    for (const Alias& alias : aliases()) {
        const std::string written(alias.written);
        BOOST_TEST_CONTEXT(std::string(alias.name)) {
            if (alias.kind == PluginKind::schedule)
                BOOST_CHECK_NO_THROW(read_schedule_argument(written, 0.1, registry));
            else
                BOOST_CHECK_NO_THROW(read_optimizer_argument(written, registry));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
