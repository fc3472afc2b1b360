// The contract itself: other compilers, other languages, every instruction set, nothing exported but the table.
#include <stdio.h>
#include <stdlib.h>

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <filesystem>

#include "base/files.hpp"
#include "base/random.hpp"
#include "fixtures.hpp"
#include "base/isa.hpp"
#include "plugin/stepping.hpp"

using namespace etude;
using namespace etude::test;
namespace fs = std::filesystem;

namespace {

/// ETUDE_ISA while this lives.
class IsaVariable {
  public:
    explicit IsaVariable(const char* word) { ::setenv("ETUDE_ISA", word, 1); }
    IsaVariable(const IsaVariable&) = delete;
    IsaVariable& operator=(const IsaVariable&) = delete;
    ~IsaVariable() { ::unsetenv("ETUDE_ISA"); }
};

constexpr std::size_t count = 10007;  // no multiple of any vector

std::vector<etude_tensor> two_tensors() {
    return {{0, 10000, {100, 100, 1, 1, 1}, 2, ETUDE_WEIGHT, 1, 0}, {10000, 7, {7, 1, 1, 1, 1}, 1, ETUDE_BIAS, 1, 0}};
}

struct Trained {
    std::vector<float> weights, point;
    std::vector<double> scalars;
    bool operator==(const Trained& other) const {
        return std::memcmp(weights.data(), other.weights.data(), count * sizeof(float)) == 0 &&
               std::memcmp(point.data(), other.point.data(), count * sizeof(float)) == 0 && scalars == other.scalars;
    }
};

/// The weights to begin with, then the gradients of every update.
const std::vector<float>& random_numbers() {
    static const std::vector<float> numbers = [] {
        std::vector<float> made(51 * count);
        Rng rng(1, "boundary");
        for (float& number : made) number = static_cast<float>(rng.normal());
        return made;
    }();
    return numbers;
}

/// 50 updates of a plugin over random gradients, under the instruction set `isa`.
Trained train(const Plugin& plugin, const char* isa) {
    const IsaVariable variable(isa);
    BoundOptimizer optimizer(plugin, optimizer_spec(plugin, 0.01), count, {{50, 10}, 7, 1000, two_tensors()});
    const float* given = random_numbers().data();
    Trained trained{std::vector<float>(given, given + count), std::vector<float>(count), {}};
    for (std::uint64_t update = 0; update < 50; ++update) {
        given += count;
        Bowl surface(trained.weights, {given, count});
        optimizer.step(update, 0.01, 1, 100, trained.weights, {given, count}, surface);
    }
    if (optimizer.has_evaluation_point()) optimizer.evaluation_point(50, trained.weights, trained.point);
    trained.scalars.assign(optimizer.scalars().begin(), optimizer.scalars().end());
    return trained;
}

/// The instruction sets this machine can show.
std::vector<const char*> isas() {
    std::vector<const char*> words{"baseline", "v3", "v4"};
    words.resize(1 + static_cast<std::size_t>(chosen_isa()));
    return words;
}

std::string output_of(const std::string& command) {
    std::string text;
    FILE* pipe = ::popen(command.c_str(), "r");
    for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) text += static_cast<char>(c);
    ::pclose(pipe);
    return text;
}

boost::test_tools::assertion_result clang_was_found(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result result(fs::exists(fixture_folder("clang") / "kernels.so"));
    result.message() << "there was no clang++ when the build was configured";
    return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plugin_boundary)

BOOST_AUTO_TEST_CASE(every_instruction_set_gives_the_same_bits) {
    Registry shipped = Registry::standard();
    std::vector<const Plugin*> plugins = shipped.all(PluginKind::optimizer);
    plugins.push_back(&optimizer_fixture("kernels"));
    BOOST_TEST_MESSAGE("instruction sets compared: " << isas().size());
    for (const Plugin* plugin : plugins) {
        const Trained baseline = train(*plugin, "baseline");
        for (const char* isa : isas()) BOOST_TEST_CONTEXT(plugin->description.name << " " << isa) BOOST_CHECK(train(*plugin, isa) == baseline);
    }
}

BOOST_AUTO_TEST_CASE(a_plugin_of_the_other_compiler_loads_and_gives_the_same_bits, *boost::unit_test::precondition(clang_was_found)) {
    const Plugin& clang = plugin_in("clang", PluginKind::optimizer, "kernels");
    BOOST_TEST(clang.build.find("lang") != std::string::npos);
    const Trained ours = train(optimizer_fixture("kernels"), "baseline");
    for (const char* isa : isas()) BOOST_TEST_CONTEXT(isa) BOOST_CHECK(train(clang, isa) == ours);
}

BOOST_AUTO_TEST_CASE(a_plugin_of_the_first_minor_loads) {
    const Plugin& old = plugin_in("minor0", PluginKind::optimizer, "kernels");
    BOOST_TEST(old.table->minor == 0);
    BOOST_CHECK(train(old, "baseline") == train(optimizer_fixture("kernels"), "baseline"));
}

BOOST_AUTO_TEST_CASE(a_plugin_in_plain_c_works) {
    const Plugin& plugin = schedule_fixture("plain");
    const auto all = factors(plugin, schedule_spec(plugin, {{"when", Duration{2, TimeUnit::epochs}}}), {6, 2});
    BOOST_TEST(all == (std::vector<double>{1, 1, 1, 1, .5, .5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_authors_guide_shows_code_that_is_built_and_used_here) {
    const std::string guide = read_file(fs::path(ETUDE_SOURCE_DIR) / "framework/sdk/README.md");
    for (const char* name : {"half_cosine.cpp", "heavy_ball.cpp"}) {
        const std::string code = read_file(fs::path(ETUDE_SOURCE_DIR) / "tests/plugin/fixtures" / name);
        BOOST_TEST_CONTEXT(name) BOOST_TEST(guide.find("```cpp\n" + code + "```\n") != std::string::npos);
    }
    const Plugin& plugin = optimizer_fixture("heavy_ball");
    BoundOptimizer optimizer(plugin, optimizer_spec(plugin, 0.5), 1, {{2, 1}, 0, 10, {}});
    float weight = 1, gradient = 1;
    for (std::uint64_t update = 0; update < 2; ++update) optimizer.step(update, 0.5, 0, 1, {&weight, 1}, {&gradient, 1});
    BOOST_TEST(weight == 1 - 0.5f - 0.5f * 1.9f, boost::test_tools::tolerance(1e-6f));
}

BOOST_AUTO_TEST_CASE(a_shipped_plugin_exports_its_table_and_nothing_else) {
    std::size_t seen = 0;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fs::path(ETUDE_BINARY_DIR) / "plugins")) {
        if (entry.path().extension() != ".so") continue;
        const std::string symbols = output_of("nm -D --defined-only --format=just-symbols " + entry.path().string());
        BOOST_TEST_CONTEXT(entry.path()) BOOST_TEST(symbols == "etude_plugin\n");
        ++seen;
    }
    BOOST_TEST(seen > 0u);
}

BOOST_AUTO_TEST_CASE(the_environment_forces_an_instruction_set) {
    {
        const IsaVariable variable("baseline");
        BOOST_TEST((chosen_isa() == Isa::baseline));
    }
    {
        const IsaVariable variable("avx512");
        BOOST_TEST(message_of([] { chosen_isa(); }) == "ETUDE_ISA=avx512: not an instruction set | one of: baseline, v3, v4");
    }
    const std::vector<std::string> names{"baseline", "x86-64-v3", "x86-64-v4"};
    BOOST_TEST(isa_title(chosen_isa()) == names[isas().size() - 1]);
}

BOOST_AUTO_TEST_CASE(noise_depends_on_seed_and_update_alone) {
    const Plugin& plugin = optimizer_fixture("kernels");
    const auto after_one_update = [&](std::uint64_t seed) {
        BoundOptimizer optimizer(plugin, optimizer_spec(plugin, 1.0), 4, {{50, 10}, seed, 1000, {}});
        std::vector<float> weights(4, 1), gradients(4, 0);
        optimizer.step(0, 1.0, 1, 100, weights, gradients);
        return weights;
    };
    BOOST_TEST(after_one_update(7) == after_one_update(7), boost::test_tools::per_element());
    BOOST_TEST(after_one_update(7)[0] != after_one_update(8)[0]);
    BOOST_TEST(after_one_update(7)[0] != after_one_update(7)[1]);
}

BOOST_AUTO_TEST_SUITE_END()
