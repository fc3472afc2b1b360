// Locks, kills, full disks and files that are not ours.
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <functional>

#include "base/error.hpp"
#include "base/files.hpp"
#include "store/store.hpp"
#include "store/trials.hpp"
#include "support/temporary_folder.hpp"

using namespace etude;
using test::plain_trial;
using test::TemporaryFolder;

namespace {

/// "message | hint" of the Error that `action` throws, or "no error".
std::string error_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.hint().empty() ? error.what() : std::string(error.what()) + " | " + error.hint();
    }
    return "no error";
}

std::string open_error(const std::filesystem::path& folder, Store::Access access, const std::string& study = "") {
    return error_of([&] { Store::open(folder, access, study); });
}

/// A forked process that runs `body` and writes what it returns to a pipe; the parent reads it.
class Child {
  public:
    explicit Child(const std::function<std::string(int ready)>& body) {
        int ends[2];
        BOOST_REQUIRE(::pipe(ends) == 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::close(ends[0]);
            const std::string said = body(ends[1]);
            const bool written = ::write(ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size());
            ::_exit(written ? 0 : 1);
        }
        ::close(ends[1]);
        from_ = ends[0];
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (pid_ > 0) end(SIGKILL);
        ::close(from_);
    }
    std::string first_word() {
        char c = 0;
        return ::read(from_, &c, 1) == 1 ? std::string(1, c) : "";
    }
    std::string all() {
        std::string text, more;
        while (!(more = first_word()).empty()) text += more;
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
        return text;
    }
    void end(int signal) {
        ::kill(pid_, signal);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }
    pid_t pid() const { return pid_; }

  private:
    pid_t pid_ = 0;
    int from_ = -1;
};

void say_ready(int pipe) {
    if (::write(pipe, "r", 1) != 1) ::_exit(2);
}

void sql(const std::filesystem::path& file, const std::string& commands) {
    sqlite3* connection = nullptr;
    BOOST_REQUIRE(sqlite3_open(file.c_str(), &connection) == SQLITE_OK);
    BOOST_REQUIRE(sqlite3_exec(connection, commands.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(connection);
}

std::string host() { return provenance_here().host; }

}  // namespace

BOOST_AUTO_TEST_SUITE(store_trouble)

BOOST_AUTO_TEST_CASE(a_second_run_on_a_folder_stops_and_names_the_first) {
    const TemporaryFolder folder;
    Child first([&](int ready) -> std::string {
        const Store store = Store::open(folder.path(), Store::Access::write);
        say_ready(ready);
        ::pause();
        return "";
    });
    BOOST_TEST_REQUIRE(first.first_word() == "r");
    BOOST_TEST(open_error(folder.path(), Store::Access::write) == folder.path().string() + ": in use by process " + std::to_string(first.pid()) +
                                                                      " on host '" + host() +
                                                                      "' | wait until it has ended, or choose another folder with `--out`");
    BOOST_TEST(open_error(folder.path(), Store::Access::read) == "no error");
    first.end(SIGKILL);
    BOOST_TEST(std::filesystem::exists(folder.path() / "etude.lock"));
    BOOST_TEST(open_error(folder.path(), Store::Access::write) == "no error");
}

BOOST_AUTO_TEST_CASE(the_lock_holds_within_one_process_and_ends_with_the_store) {
    const TemporaryFolder folder;
    {
        const Store first = Store::open(folder.path(), Store::Access::write);
        BOOST_TEST(open_error(folder.path(), Store::Access::write).find("in use by process " + std::to_string(::getpid())) != std::string::npos);
    }
    BOOST_TEST(open_error(folder.path(), Store::Access::write) == "no error");
}

BOOST_AUTO_TEST_CASE(a_killed_run_loses_nothing_that_was_put_and_leaves_a_store_that_goes_on) {
    for (int round = 0; round < 8; ++round) {
        const TemporaryFolder folder;
        Child run([&](int ready) -> std::string {
            Store store = Store::open(folder.path(), Store::Access::write, "s");
            for (int i = 0;; ++i) {
                store.put(plain_trial("trial-" + std::to_string(i), 0.5));
                say_ready(ready);  // one letter a trial that put() has returned from
            }
        });
        const int least = 1 + 40 * round;
        for (int i = 0; i < least; ++i) BOOST_TEST_REQUIRE(run.first_word() == "r");
        run.end(SIGKILL);
        Store store = Store::open(folder.path(), Store::Access::write, "s");
        int told = least;
        while (run.first_word() == "r") ++told;
        const auto ids = store.ids();
        BOOST_TEST(ids.size() >= static_cast<std::size_t>(told), "round " << round);
        BOOST_TEST(ids.size() <= static_cast<std::size_t>(told) + 1, "round " << round);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const auto trial = store.find("trial-" + std::to_string(i));
            BOOST_TEST_REQUIRE(trial.has_value());
            BOOST_TEST(trial->record.curves.size() == 2U);
        }
        store.put(plain_trial("next", 0.5));
        BOOST_TEST(store.ids().size() == ids.size() + 1);
    }
}

BOOST_AUTO_TEST_CASE(results_of_another_study_are_refused) {
    const TemporaryFolder folder;
    Store::open(folder.path(), Store::Access::write, "blobs");
    const std::string expected =
        folder.path().string() + ": holds results of the study 'blobs', not of 'warm-up' | choose another folder with `--out`";
    BOOST_TEST(open_error(folder.path(), Store::Access::write, "warm-up") == expected);
    BOOST_TEST(open_error(folder.path(), Store::Access::read, "warm-up") == expected);
    BOOST_TEST(open_error(folder.path(), Store::Access::write, "blobs") == "no error");
    Store store = Store::open(folder.path(), Store::Access::write);
    Plan plan;
    plan.study = "warm-up";
    BOOST_TEST(error_of([&] { store.put_plan(plan); }) == expected);
}

BOOST_AUTO_TEST_CASE(a_folder_without_results_cannot_be_read) {
    const TemporaryFolder folder;
    BOOST_TEST(open_error(folder.path(), Store::Access::read) ==
               folder.path().string() + ": holds no results | there is no etude.sqlite in it; `etude run STUDY.yaml --out " + folder.path().string() +
                   "` makes one");
    const auto file = folder.write("etude.sqlite", "");
    BOOST_TEST(open_error(folder.path(), Store::Access::read) == file.string() + ": holds no results");
    BOOST_TEST(open_error(folder.path(), Store::Access::write) == "no error");
    const Store store = Store::open(folder.path(), Store::Access::read);
    BOOST_TEST(error_of([&] { store.plan(); }) ==
               folder.path().string() + ": holds no plan | `etude run` on the study and this folder stores one");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database_is_refused) {
    const TemporaryFolder folder;
    const auto file = folder.write("etude.sqlite", std::string(5000, 'x'));
    const std::string expected = file.string() + ": is no database of results | move the file away, or choose another folder with `--out`";
    BOOST_TEST(open_error(folder.path(), Store::Access::write) == expected);
    BOOST_TEST(open_error(folder.path(), Store::Access::read) == expected);
    BOOST_TEST(read_file(file) == std::string(5000, 'x'));
}

BOOST_AUTO_TEST_CASE(a_database_of_another_program_is_refused_and_left_alone) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "etude.sqlite";
    sql(file, "CREATE TABLE addresses (name TEXT)");
    BOOST_TEST(open_error(folder.path(), Store::Access::write) ==
               file.string() + ": is a database, but not one of etude | move the file away, or choose another folder with `--out`");
}

BOOST_AUTO_TEST_CASE(a_store_of_a_newer_etude_is_refused_with_both_versions) {
    const TemporaryFolder folder;
    Store::open(folder.path(), Store::Access::write);
    const auto file = folder.path() / "etude.sqlite";
    sql(file, "PRAGMA user_version = 7");
    BOOST_TEST(open_error(folder.path(), Store::Access::write) ==
               file.string() + ": has store version 7; this etude reads up to version 2 | use the newer etude that wrote it, or choose another "
                               "folder with `--out`");
}

BOOST_AUTO_TEST_CASE(a_store_of_version_1_is_read_as_it_is_and_brought_up_to_date_by_a_writer) {
    const TemporaryFolder folder;
    { Store::open(folder.path(), Store::Access::write).put(plain_trial("a", 0.5)); }
    sql(folder.path() / "etude.sqlite", "DROP TABLE landscape; PRAGMA user_version = 1");
    BOOST_TEST((Store::open(folder.path(), Store::Access::read).find("a")->id == "a"));
    StoredTrial with_slice = plain_trial("b", 0.5);
    with_slice.record.landscape = Landscape{{1, 3, 1}, {1, 0, 1}};
    Store store = Store::open(folder.path(), Store::Access::write);
    store.put(with_slice);
    BOOST_TEST((store.find("b")->record.landscape->losses == std::vector<double>{1, 0, 1}));
    BOOST_TEST(!store.find("a")->record.landscape.has_value());
}

BOOST_AUTO_TEST_CASE(a_damaged_database_is_said_to_be_damaged) {
    const TemporaryFolder folder;
    {
        Store store = Store::open(folder.path(), Store::Access::write);
        for (int i = 0; i < 50; ++i) store.put(plain_trial(std::to_string(i), 0.5));
    }
    const auto file = folder.path() / "etude.sqlite";
    std::string bytes = read_file(file);
    for (std::size_t i = 4096; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31);
    write_file(file, bytes);
    BOOST_TEST(error_of([&] { Store::open(folder.path(), Store::Access::read).ids(); }) ==
               file.string() + ": is damaged: database disk image is malformed | move the file away and run again");
}

BOOST_AUTO_TEST_CASE(a_truncated_database_is_said_to_be_damaged) {
    const TemporaryFolder folder;
    {
        Store store = Store::open(folder.path(), Store::Access::write);
        for (int i = 0; i < 50; ++i) store.put(plain_trial(std::to_string(i), 0.5));
    }
    const auto file = folder.path() / "etude.sqlite";
    std::filesystem::resize_file(file, 3 * 4096);
    BOOST_TEST(error_of([&] {
                   const Store store = Store::open(folder.path(), Store::Access::read);
                   store.find("7");
               }) == file.string() + ": is damaged: database disk image is malformed | move the file away and run again");
}

BOOST_AUTO_TEST_CASE(a_damaged_plan_is_said_to_be_damaged) {
    const TemporaryFolder folder;
    Store::open(folder.path(), Store::Access::write);
    const auto file = folder.path() / "etude.sqlite";
    sql(file, "INSERT INTO plan VALUES (1, '{\"study\": 3}')");
    const Store store = Store::open(folder.path(), Store::Access::read);
    BOOST_TEST(error_of([&] { store.plan(); }).starts_with(file.string() + ": damaged: "));
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_an_error_with_the_path_and_loses_nothing) {
    const TemporaryFolder folder;
    Child run([&](int) -> std::string {
        // A file may grow to 200 KiB and no further: what a full disk does, without one.
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{200 * 1024, 200 * 1024};
        if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return "no limit";
        Store store = Store::open(folder.path(), Store::Access::write, "s");
        int stored = 0;
        const std::string error = error_of([&] {
            for (; stored < 10000; ++stored) store.put(plain_trial(std::to_string(stored), 0.5));
        });
        const std::string again = error_of([&] { store.put(plain_trial("again", 0.5)); });
        return std::to_string(stored) + "\n" + error + "\n" + again;
    });
    const std::string said = run.all();
    const auto first = said.find('\n'), second = said.find('\n', first + 1);
    BOOST_TEST_REQUIRE(second != std::string::npos, said);
    const std::string file = (folder.path() / "etude.sqlite").string();
    const std::string expected =
        file + ": cannot be read or written: disk I/O error | is the disk full? what was stored is kept; run again: it goes on there";
    BOOST_TEST(said.substr(first + 1, second - first - 1) == expected);
    BOOST_TEST(said.substr(second + 1) == expected);
    const auto stored = static_cast<std::size_t>(std::stoi(said));
    BOOST_TEST(stored > 5U);
    Store store = Store::open(folder.path(), Store::Access::write, "s");
    BOOST_TEST(store.ids().size() == stored);
    store.put(plain_trial("after", 0.5));
    BOOST_TEST(store.ids().size() == stored + 1);
}

BOOST_AUTO_TEST_CASE(a_place_where_no_folder_can_be_is_an_error_with_the_path) {
    const TemporaryFolder folder;
    const auto file = folder.write("taken", "a file");
    BOOST_TEST(open_error(file, Store::Access::write) == file.string() + ": is no folder | choose another with `--out`");
    BOOST_TEST(open_error(file / "inside", Store::Access::write) ==
               (file / "inside").string() + ": cannot be made: Not a directory | choose another folder with `--out`");
}

BOOST_AUTO_TEST_CASE(a_folder_that_may_not_be_written_is_an_error_for_runs_and_none_for_readers) {
    const TemporaryFolder folder;
    Store::open(folder.path(), Store::Access::write, "s").put(plain_trial("one", 0.5));
    ::chmod(folder.path().c_str(), 0555);
    ::chmod((folder.path() / "etude.sqlite").c_str(), 0444);
    Child run([&](int) -> std::string {
        if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) return "still root";
        const auto ids = [&] { return std::to_string(Store::open(folder.path(), Store::Access::read).ids().size()); };
        return open_error(folder.path(), Store::Access::write, "s") + "\n" + ids();
    });
    BOOST_TEST(run.all() == (folder.path() / "etude.lock").string() + ": cannot be written: Permission denied | may you write in this folder?\n1");
    ::chmod(folder.path().c_str(), 0755);
}

BOOST_AUTO_TEST_SUITE_END()
