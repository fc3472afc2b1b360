// What others call things is found, whatever its capitals, and never hides a plugin.
#include "plugin/aliases.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "fixtures.hpp"

using namespace etude;
using namespace etude::test;

BOOST_AUTO_TEST_SUITE(plugin_aliases)

BOOST_AUTO_TEST_CASE(every_alias_stands_for_a_plugin_and_is_none_itself) {
    Registry registry = Registry::standard();
    for (const Alias& alias : aliases()) {
        BOOST_TEST_CONTEXT(std::string(alias.name)) {
            BOOST_TEST(registry.find(alias.kind, alias.name) == nullptr);
            if (alias.plugin.empty()) continue;
            BOOST_TEST(registry.find(alias.kind, alias.plugin) != nullptr);
            BOOST_TEST(alias.written.starts_with("{name: " + std::string(alias.plugin)));
        }
    }
}

BOOST_AUTO_TEST_CASE(every_name_is_there_once) {
    std::set<const Alias*> found;
    for (const Alias& alias : aliases()) found.insert(find_alias(alias.kind, alias.name));
    BOOST_TEST(found.size() == aliases().size());
}

BOOST_AUTO_TEST_CASE(capitals_and_underscores_make_no_difference) {
    const Alias* alias = find_alias(PluginKind::schedule, "reduce_lr_on_plateau");
    BOOST_REQUIRE(alias != nullptr);
    BOOST_TEST(alias->name == "ReduceLROnPlateau");
    BOOST_TEST(find_alias(PluginKind::schedule, "COSINE-POWER") == find_alias(PluginKind::schedule, "cosine_power"));
    BOOST_TEST(find_alias(PluginKind::schedule, "cosine_powe") == nullptr);
    BOOST_TEST(find_alias(PluginKind::optimizer, "cosine_power") == nullptr);
}

BOOST_AUTO_TEST_CASE(an_unknown_plugin_with_an_alias_is_told_how_it_is_written) {
    Registry registry = Registry::standard();
    BOOST_TEST(message_of([&] { registry.require(PluginKind::schedule, "cosine_power"); }) ==
               "there is no schedule 'cosine_power' | cosine_power is cosine: {name: cosine, power: 2}");
    BOOST_TEST(message_of([&] { registry.require(PluginKind::schedule, "SequentialLR"); }) ==
               "there is no schedule 'SequentialLR' | SequentialLR is several schedules in one: "
               "{sequence: [{name: constant, for: {epochs: 5}}, {name: cosine}]}");
}

BOOST_AUTO_TEST_SUITE_END()
