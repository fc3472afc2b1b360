#include "store/used_plugins.hpp"

#include <boost/test/unit_test.hpp>

#include "base/error.hpp"
#include "store/store.hpp"
#include "support/temporary_folder.hpp"

using namespace etude;
using test::TemporaryFolder;

BOOST_AUTO_TEST_SUITE(store_used_plugins)

BOOST_AUTO_TEST_CASE(plugins_come_back_as_they_were_put_and_the_last_ones_stay) {
    const TemporaryFolder folder;
    Store store = Store::open(folder.path(), Store::Access::write, "s");
    BOOST_TEST(store.used_plugins().empty());
    store.put_used_plugins({{PluginKind::schedule, "cosine", "plugins/cosine.so", "0123456789abcdef", "g++ 12.2.0, ABI 1.1"}});
    const std::vector<UsedPlugin> both{{PluginKind::optimizer, "sgd", "a \"quoted\" folder/sgd.so", "fedcba9876543210", "g++ 12.2.0, ABI 1.1"},
                                       {PluginKind::schedule, "衰减", "衰减.cpp", "0000000000000001", ""}};
    store.put_used_plugins(both);
    BOOST_TEST((store.used_plugins() == both));
    BOOST_TEST((Store::open(folder.path(), Store::Access::read, "s").used_plugins() == both));
}

BOOST_AUTO_TEST_CASE(damaged_text_is_refused) {
    const auto is_damage = [](const Error& error) { return std::string(error.what()).starts_with("damaged: "); };
    BOOST_CHECK_EXCEPTION(used_plugins_from_json("[{"), Error, is_damage);
    BOOST_CHECK_EXCEPTION(used_plugins_from_json(R"([{"kind": "schedule"}])"), Error, is_damage);
    BOOST_CHECK_EXCEPTION(used_plugins_from_json(R"([{"kind": "wheel", "name": "a", "file": "b", "hash": "c", "build": "d"}])"), Error, is_damage);
}

BOOST_AUTO_TEST_SUITE_END()
