#include "store/used_plugins.hpp"

#include <boost/test/unit_test.hpp>

#include "store/store.hpp"
#include "support/temporary_folder.hpp"

using namespace etude;
using test::TemporaryFolder;

BOOST_AUTO_TEST_SUITE(store_used_plugins)

BOOST_AUTO_TEST_CASE(plugins_come_back_as_they_were_put_and_the_last_ones_stay) {
    const TemporaryFolder folder;
    const Store store = Store::open(folder.path(), Store::Access::write, "s");
    BOOST_TEST(used_plugins(folder.path()).empty());
    put_used_plugins(folder.path(), {{PluginKind::schedule, "cosine", "plugins/cosine.so", "0123456789abcdef", "g++ 12.2.0, ABI 1.1"}});
    const std::vector<UsedPlugin> both{{PluginKind::optimizer, "sgd", "a \"quoted\" folder/sgd.so", "fedcba9876543210", "g++ 12.2.0, ABI 1.1"},
                                       {PluginKind::schedule, "衰减", "衰减.cpp", "0000000000000001", ""}};
    put_used_plugins(folder.path(), both);
    BOOST_TEST((used_plugins(folder.path()) == both));
    BOOST_TEST((used_plugins(Store::open(folder.path(), Store::Access::read, "s").folder()) == both));
}

BOOST_AUTO_TEST_SUITE_END()
