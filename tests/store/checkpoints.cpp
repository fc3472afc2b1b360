#include "store/checkpoints.hpp"

#include <boost/test/unit_test.hpp>

#include "base/files.hpp"
#include "support/temporary_folder.hpp"

using namespace etude;
using namespace std::literals;
using test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

const std::string id = "0123456789abcdef";
constexpr auto to_disk = Checkpoints::Reaching::the_disk;

TrialState state_of(std::uint64_t epochs) {
    TrialState state;
    state.record.curves = {{.metric = "train_loss", .values = std::vector<float>(epochs, 0.25F), .final = 0.1 + 0.2}};
    state.record.epoch_lr = std::vector<double>(epochs, 1.0 / 3);
    state.record.epochs = epochs;
    state.record.updates = 4 * epochs;
    state.record.last_lr = 1e-300;
    state.bytes = std::string("weights\0and more", 16);
    return state;
}

struct Fixture {
    TemporaryFolder folder;
    Checkpoints checkpoints{folder.path()};
    fs::path file = folder.path() / "checkpoints" / id;

    std::string warning() const {
        const Checkpoints::Found found = checkpoints.find(id);
        BOOST_TEST(!found.state.has_value());
        return found.warning;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(store_checkpoints, Fixture)

BOOST_AUTO_TEST_CASE(a_state_comes_back_as_it_was) {
    BOOST_TEST(warning() == "");
    checkpoints.put(id, state_of(3), to_disk);
    checkpoints.put(id, state_of(5), Checkpoints::Reaching::the_kernel);
    const Checkpoints::Found found = checkpoints.find(id);
    BOOST_TEST(found.warning == "");
    BOOST_TEST_REQUIRE(found.state.has_value());
    BOOST_TEST(bytes_of(*found.state) == bytes_of(state_of(5)));
    BOOST_TEST(found.state->record.curves.front().final == 0.1 + 0.2);
    BOOST_TEST(found.state->bytes.size() == 16u);
    BOOST_TEST(std::distance(fs::directory_iterator(file.parent_path()), fs::directory_iterator()) == 1);  // nothing beside it
}

BOOST_AUTO_TEST_CASE(what_a_killed_run_left_over_goes_and_the_folder_with_its_last_file) {
    const std::string done = "fedcba9876543210";
    checkpoints.put(id, state_of(1), to_disk);
    checkpoints.put(done, state_of(1), to_disk);
    write_file(file.string() + ".part4711", "half a state");
    checkpoints.tidy({done});
    BOOST_TEST(fs::exists(file));
    BOOST_TEST(std::distance(fs::directory_iterator(file.parent_path()), fs::directory_iterator()) == 1);
    checkpoints.remove(id);
    BOOST_TEST(!fs::exists(file));
    BOOST_TEST(fs::exists(file.parent_path()));  // another thread may be about to write into it
    checkpoints.tidy({});
    BOOST_TEST(!fs::exists(file.parent_path()));
    checkpoints.tidy({});
}

BOOST_AUTO_TEST_CASE(any_damaged_byte_is_found) {
    checkpoints.put(id, state_of(2), to_disk);
    const std::string whole = read_file(file);
    for (std::size_t i = whole.find('\n') + 1; i < whole.size(); i += 7) {
        std::string damaged = whole;
        damaged[i] = static_cast<char>(damaged[i] ^ 1);
        write_file(file, damaged);
        BOOST_TEST(warning() == file.string() + ": is damaged; the trial begins anew");
    }
    for (const std::size_t length : {std::size_t{0}, std::size_t{10}, std::size_t{30}, whole.find('\n'), whole.size() - 1}) {
        write_file(file, whole.substr(0, length));
        BOOST_TEST(warning().ends_with("; the trial begins anew"), warning());
    }
    write_file(file, whole);
    BOOST_TEST(checkpoints.find(id).state.has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_checkpoint_of_the_trial_is_left_alone) {
    checkpoints.put("fedcba9876543210", state_of(2), to_disk);
    fs::rename(checkpoints.file("fedcba9876543210"), file);
    BOOST_TEST(warning() == file.string() + ": is a checkpoint of another trial; the trial begins anew");
    write_file(file, "my notes\n");
    BOOST_TEST(warning() == file.string() + ": is no checkpoint; the trial begins anew");
    BOOST_TEST(read_file(file) == "my notes\n");
    fs::remove(file);
    fs::create_directory(file);
    BOOST_TEST(warning() == file.string() + ": cannot be read: Is a directory; the trial begins anew");
}

BOOST_AUTO_TEST_CASE(what_other_kernels_have_begun_is_not_continued) {
    checkpoints.put(id, state_of(2), to_disk);
    std::string content = read_file(file);
    char& digit = content["etude checkpoint 0123456789abcdef "sv.size()];
    digit = digit == '0' ? '1' : '0';
    write_file(file, content);
    BOOST_TEST(warning() == file.string() + ": was written with another instruction set, oneDNN, compiler or version; the trial begins anew");
}

BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_written_is_named) {
    test::TemporaryFolder other;
    other.write("checkpoints", "a file");
    BOOST_CHECK_EXCEPTION(Checkpoints(other.path()).put(id, state_of(1), to_disk), Error, [&](const Error& error) {
        return error.what() == (other.path() / "checkpoints" / id).string() + ": cannot be written: Not a directory";
    });
}

BOOST_AUTO_TEST_SUITE_END()
