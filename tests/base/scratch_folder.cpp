#include "base/scratch_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "base/error.hpp"
#include "base/files.hpp"

using namespace etude;
namespace fs = std::filesystem;

namespace {

/// TMPDIR is another one until this dies.
class TemporaryPlace {
  public:
    explicit TemporaryPlace(const char* place) {
        if (const char* before = std::getenv("TMPDIR")) before_ = before, was_set_ = true;
        ::setenv("TMPDIR", place, 1);
    }
    TemporaryPlace(const TemporaryPlace&) = delete;
    TemporaryPlace& operator=(const TemporaryPlace&) = delete;
    ~TemporaryPlace() {
        if (was_set_) ::setenv("TMPDIR", before_.c_str(), 1);
        else ::unsetenv("TMPDIR");
    }

  private:
    std::string before_;
    bool was_set_ = false;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(base_scratch_folder)

BOOST_AUTO_TEST_CASE(it_goes_with_what_is_in_it) {
    fs::path place;
    {
        const ScratchFolder one, two;
        BOOST_TEST((one.path() != two.path()));
        place = one.path();
        write_file(place / "deep.txt", "text");
        BOOST_TEST(fs::exists(place / "deep.txt"));
    }
    BOOST_TEST(!fs::exists(place));
}

BOOST_AUTO_TEST_CASE(without_a_usable_tmpdir_it_is_in_tmp) {
    const TemporaryPlace place("/no/such/place");
    BOOST_TEST(ScratchFolder().path().parent_path().string() == "/tmp");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_made_is_said) {
    const TemporaryPlace place("/proc");
    BOOST_CHECK_EXCEPTION(ScratchFolder(), Error, [](const Error& error) {
        return std::string(error.what()).find("/proc/etude-") != std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()
