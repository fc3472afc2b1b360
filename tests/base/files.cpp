// Whole files in and out, and their hashes.
#include "base/files.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace etude;
namespace fs = std::filesystem;

template <class F> std::string failure(F&& run) {
    try {
        run();
    } catch (const Error& e) {
        return e.what();
    }
    return "no error";
}

struct Fixture {
    test::TemporaryFolder folder;
    fs::path file = folder.path() / "x";
    std::size_t entries() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder.path()), {})); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(files, Fixture)

BOOST_AUTO_TEST_CASE(what_was_written_is_read) {
    const std::string content("zero \0 and all\r\n", 16);
    for (const std::string& text : {std::string(), content, std::string(300'000, 'x')}) {
        write_file(file, text);
        BOOST_TEST((read_file(file) == text));
    }
    BOOST_TEST(entries() == 1u);  // nothing stays beside it
}

BOOST_AUTO_TEST_CASE(a_reader_keeps_the_old_content_while_the_file_is_replaced) {
    write_file(file, "old");
    std::ifstream reader(file);
    write_file(file, "new");
    BOOST_TEST(std::string(std::istreambuf_iterator<char>(reader), {}) == "old");
    BOOST_TEST(read_file(file) == "new");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_names_the_path_and_leaves_nothing) {
    const std::string missing = (folder.path() / "no" / "x").string();
    BOOST_TEST(failure([&] { write_file(missing, "x"); }) == missing + ": cannot be written: No such file or directory");
    fs::create_directory(file);
    BOOST_TEST(failure([&] { write_file(file, "x"); }) == file.string() + ": cannot be written: Is a directory");
    BOOST_TEST(entries() == 1u);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_an_error) {
    // The temporary file beside the target is a link to a device without space.
    fs::create_symlink("/dev/full", file.string() + ".part" + std::to_string(::getpid()));
    BOOST_TEST(failure([&] { write_file(file, "x"); }) == file.string() + ": cannot be written: No space left on device");
    BOOST_TEST(entries() == 0u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_names_the_path) {
    BOOST_TEST(failure([&] { read_file(file); }) == file.string() + ": cannot be read: No such file or directory");
    BOOST_TEST(failure([&] { read_file(folder.path()); }) == folder.path().string() + ": cannot be read: Is a directory");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(hashes, Fixture)

BOOST_AUTO_TEST_CASE(they_are_those_of_xxh3) {
    // Debian's python3-xxhash: xxh3_64_hexdigest.
    BOOST_TEST(hex(hash_bytes("")) == "2d06800538d394c2");
    BOOST_TEST(hex(hash_bytes("etude")) == "b96042d77e4a593e");
    BOOST_TEST(hex(hash_bytes(std::string(100'000, 'x'))) == "d8b99a30e426ac41");
}

BOOST_AUTO_TEST_CASE(a_file_hashes_as_its_bytes_do) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1} << 20, (std::size_t{1} << 20) + 17}) {
        const std::string content(size, 'e');
        write_file(file, content);
        BOOST_TEST(hash_file(file) == hash_bytes(content));
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_names_the_path) {
    BOOST_TEST(failure([&] { hash_file(file); }) == file.string() + ": cannot be read: No such file or directory");
    BOOST_TEST(failure([&] { hash_file(folder.path()); }) == folder.path().string() + ": cannot be read: Is a directory");
}

BOOST_AUTO_TEST_CASE(hex_has_sixteen_digits) {
    BOOST_TEST(hex(0) == "0000000000000000");
    BOOST_TEST(hex(0xfedcba9876543210u) == "fedcba9876543210");
}

BOOST_AUTO_TEST_SUITE_END()
