// Where plugins are looked for, and which of two with one name is meant.
#include <stdlib.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "fixtures.hpp"
#include "support/temporary_folder.hpp"

using namespace etude;
using namespace etude::test;
namespace fs = std::filesystem;

namespace {

/// ETUDE_PLUGINS while this lives.
class PluginsVariable {
  public:
    explicit PluginsVariable(const std::string& value) { ::setenv("ETUDE_PLUGINS", value.c_str(), 1); }
    PluginsVariable(const PluginsVariable&) = delete;
    PluginsVariable& operator=(const PluginsVariable&) = delete;
    ~PluginsVariable() { ::unsetenv("ETUDE_PLUGINS"); }
};

std::vector<std::string> names(Registry& registry, PluginKind kind) {
    std::vector<std::string> all;
    for (const Plugin* plugin : registry.all(kind)) all.push_back(plugin->description.name);
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plugin_registry)

BOOST_AUTO_TEST_CASE(plugins_are_listed_by_kind_and_sorted) {
    Registry registry = Registry::scan({fixture_folder("good")});
    const std::vector<std::string> schedules{"half_cosine", "plain", "spy", "watcher"},
        optimizers{"everything", "extragradient", "heavy_ball", "kernels"};
    BOOST_TEST(names(registry, PluginKind::schedule) == schedules, boost::test_tools::per_element());
    BOOST_TEST(names(registry, PluginKind::optimizer) == optimizers, boost::test_tools::per_element());
    BOOST_TEST(registry.rejected().empty());
}

BOOST_AUTO_TEST_CASE(a_plugin_is_described_by_its_table) {
    const Plugin& plugin = optimizer_fixture("kernels");
    BOOST_TEST(plugin.description.summary == "A little of everything.");
    BOOST_TEST(plugin.lr == 0.01);
    BOOST_TEST(plugin.slots == (std::vector<std::string>{"m", "v", "previous", "average"}), boost::test_tools::per_element());
    BOOST_TEST(plugin.global);
    BOOST_TEST(!plugin.elementwise);
    BOOST_TEST(plugin.file_hash != 0u);
    BOOST_TEST(plugin.build.ends_with(", plugin ABI 1.1"));
    BOOST_REQUIRE(plugin.description.schema.size() == 1u);
    BOOST_TEST(plugin.description.schema[0].range.text() == "[0, 1)");
    BOOST_TEST(schedule_fixture("watcher").observes);
    BOOST_TEST(!schedule_fixture("spy").observes);
    BOOST_TEST(schedule_fixture("half_cosine").description.schema[1].span);
    BOOST_TEST(!schedule_fixture("spy").description.schema[2].span);
}

BOOST_AUTO_TEST_CASE(an_unknown_name_comes_with_the_nearest_one) {
    Registry registry = Registry::scan({fixture_folder("good")});
    BOOST_TEST((registry.find(PluginKind::schedule, "half_cosin") == nullptr));
    BOOST_TEST(message_of([&] { registry.require(PluginKind::schedule, "half_cosin"); }) ==
               "there is no schedule 'half_cosin' | did you mean 'half_cosine'?");
    BOOST_TEST(message_of([&] { registry.require(PluginKind::optimizer, "lbfgs"); }) ==
               "there is no optimizer 'lbfgs' | one of: everything, extragradient, heavy_ball, kernels");
    BOOST_TEST(message_of([&] { registry.require(PluginKind::optimizer, "spy"); }) == "there is no optimizer 'spy' | 'spy' is a schedule");
    const TemporaryFolder empty;
    Registry nothing = Registry::scan({empty.path()});
    BOOST_TEST(message_of([&] { nothing.require(PluginKind::schedule, "cosine"); }) ==
               "there is no schedule 'cosine' | no schedule was found at all: give --plugins DIR or set ETUDE_PLUGINS");
}

BOOST_AUTO_TEST_CASE(of_two_files_with_one_name_the_first_place_wins) {
    const TemporaryFolder first, second, damaged;
    fs::copy_file(fixture_folder("good") / "spy.so", first.path() / "spy.so");
    fs::copy_file(fixture_folder("good") / "spy.so", second.path() / "spy.so");
    Registry registry = Registry::scan({first.path(), second.path()});
    BOOST_TEST(registry.require(PluginKind::schedule, "spy").file == first.path() / "spy.so");
    BOOST_TEST(registry.all(PluginKind::schedule).size() == 1u);
    damaged.write("spy.so", "broken");
    Registry broken = Registry::scan({damaged.path(), second.path()});  // hiding it silently would run another plugin than the one meant
    BOOST_TEST(message_of([&] { broken.require(PluginKind::schedule, "spy"); }) == (damaged.path() / "spy.so").string() + ": not an ELF file");
    BOOST_TEST(broken.all(PluginKind::schedule).empty());
}

BOOST_AUTO_TEST_CASE(a_folder_is_searched_with_its_subfolders_of_both_kinds) {
    const TemporaryFolder place;
    fs::create_directories(place.path() / "schedules");
    fs::create_directories(place.path() / "optimizers");
    fs::copy_file(fixture_folder("good") / "spy.so", place.path() / "schedules/spy.so");
    fs::copy_file(fixture_folder("good") / "kernels.so", place.path() / "optimizers/kernels.so");
    place.write("optimizers/spy.so", "an optimizer that happens to be broken");
    place.write("README.md", "no plugin");
    Registry registry = Registry::scan({place.path()});
    BOOST_TEST(registry.require(PluginKind::schedule, "spy").file == place.path() / "schedules/spy.so");
    BOOST_TEST(registry.require(PluginKind::optimizer, "kernels").slots.size() == 4u);
    BOOST_TEST(names(registry, PluginKind::schedule).size() == 1u);
    BOOST_TEST(registry.rejected().size() == 1u);
}

BOOST_AUTO_TEST_CASE(files_and_places_that_cannot_be_used_are_named) {
    BOOST_TEST(message_of([] { Registry::standard({"/nowhere/plugins"}); }) ==
               "/nowhere/plugins: no such file or folder | plugins are .so and .cpp files, or folders of .so files");
}

BOOST_AUTO_TEST_CASE(the_standard_places_are_given_ones_then_the_environment_then_beside_the_executable) {
    Registry plain = Registry::standard();
    BOOST_TEST((plain.find(PluginKind::optimizer, "adam") != nullptr));
    BOOST_TEST((plain.find(PluginKind::schedule, "spy") == nullptr));
    const TemporaryFolder own;
    fs::copy_file(fixture_folder("good") / "spy.so", own.path() / "spy.so");
    const PluginsVariable variable("/nowhere/at/all:" + fixture_folder("good").string());
    Registry registry = Registry::standard({own.path()});
    BOOST_TEST(registry.require(PluginKind::schedule, "spy").file == own.path() / "spy.so");
    BOOST_TEST(registry.require(PluginKind::schedule, "watcher").file == fixture_folder("good") / "watcher.so");
    BOOST_REQUIRE(registry.rejected().size() == 1u);
    BOOST_TEST(registry.rejected()[0].file == "/nowhere/at/all");
    BOOST_TEST(registry.rejected()[0].reason == "no such file or folder; ETUDE_PLUGINS names it");
}

BOOST_AUTO_TEST_SUITE_END()
