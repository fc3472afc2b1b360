#include "store/database.hpp"

#include <sqlite3.h>

#include <cmath>

#include "base/error.hpp"

namespace etude {
namespace {

std::string reason(sqlite3* connection, int code) { return connection == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection); }

/// A database in WAL mode wants to make files beside itself; in a folder that cannot be written it opens only as one that never changes.
std::string uri(const std::filesystem::path& file, std::string_view query) {
    std::string escaped;
    for (const char c : std::filesystem::absolute(file).string()) {
        static constexpr char digits[] = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(c);
        if (c == '%' || c == '?' || c == '#') escaped += {'%', digits[byte >> 4], digits[byte & 15]};
        else escaped += c;
    }
    return "file:" + escaped + std::string(query);
}

}  // namespace

void throw_database_error(const std::filesystem::path& file, sqlite3* connection, int code) {
    const std::string why = reason(connection, code);
    switch (code & 0xFF) {
        case SQLITE_FULL:
            throw Error(file.string() + ": cannot be written: the disk is full",
                        "what was stored is kept; make room and run again: it goes on there");
        case SQLITE_IOERR:
            throw Error(file.string() + ": cannot be read or written: " + why,
                        "is the disk full? what was stored is kept; run again: it goes on there");
        case SQLITE_NOTADB:
            throw Error(file.string() + ": is no database of results", "move the file away, or choose another folder with `--out`");
        case SQLITE_CORRUPT:
            throw Error(file.string() + ": is damaged: " + why, "move the file away and run again");
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_CANTOPEN:
            throw Error(file.string() + ": cannot be opened or written: " + why, "may you write in this folder?");
        case SQLITE_BUSY:
            throw Error(file.string() + ": in use by another program: " + why);
        default:
            detail::report_bug(__FILE__, __LINE__, file.string() + ": " + why + " (SQLite code " + std::to_string(code) + ")");
    }
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }

Statement::Statement(std::filesystem::path file, sqlite3* connection, std::string_view sql) : file_(std::move(file)), connection_(connection) {
    sqlite3_stmt* made = nullptr;
    check(sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &made, nullptr));
    statement_.reset(made);
}

void Statement::check(int code) const {
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) throw_database_error(file_, connection_, code);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
    check(sqlite3_bind_int64(statement_.get(), parameter + 1, value));
    return *this;
}

Statement& Statement::bind(int parameter, double value) {
    if (std::isnan(value) || (value == 0 && std::signbit(value))) {
        check(sqlite3_bind_blob(statement_.get(), parameter + 1, &value, sizeof value, SQLITE_TRANSIENT));
        return *this;
    }
    check(sqlite3_bind_double(statement_.get(), parameter + 1, value));
    return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
    // A null pointer would bind NULL: an empty text is a text.
    check(sqlite3_bind_text64(statement_.get(), parameter + 1, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind_null(int parameter) {
    check(sqlite3_bind_null(statement_.get(), parameter + 1));
    return *this;
}

Statement& Statement::bind_blob(int parameter, const void* data, std::size_t bytes) {
    check(sqlite3_bind_blob64(statement_.get(), parameter + 1, bytes == 0 ? "" : data, bytes, SQLITE_STATIC));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) {
        sqlite3_reset(statement_.get());  // says the same again; the error is thrown below
        check(code);
    }
    return false;
}

void Statement::run() {
    while (step()) {}
    reset();
}

void Statement::reset() { check(sqlite3_reset(statement_.get())); }

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

double Statement::real(int column) const {
    if (sqlite3_column_type(statement_.get(), column) != SQLITE_BLOB) return sqlite3_column_double(statement_.get(), column);
    const auto bits = values<double>(column);
    if (bits.size() != 1) throw Error(file_.string() + ": is damaged: a number of " + std::to_string(blob(column).size()) + " bytes");
    return bits.front();
}

std::string Statement::text(int column) const {
    const auto* start = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    return start == nullptr ? std::string() : std::string(start, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}

std::span<const std::byte> Statement::blob(int column) const {
    const void* start = sqlite3_column_blob(statement_.get(), column);
    return {static_cast<const std::byte*>(start), start == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

Database::Database(const std::filesystem::path& file, Access access) : file_(file) {
    const auto open = [&](const std::string& name, int flags) {
        sqlite3* made = nullptr;
        const int code = sqlite3_open_v2(name.c_str(), &made, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
        connection_.reset(made);
        if (code != SQLITE_OK) throw_database_error(file_, made, code);
        sqlite3_busy_timeout(made, 5000);  // ms; a reader may hold up a checkpoint for a moment
    };
    if (access == Access::write) {
        open(uri(file, ""), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        return;
    }
    open(uri(file, ""), SQLITE_OPEN_READONLY);
    const int code = sqlite3_exec(handle(), "SELECT 1 FROM sqlite_master", nullptr, nullptr, nullptr);
    if ((code & 0xFF) == SQLITE_CANTOPEN || (code & 0xFF) == SQLITE_READONLY) open(uri(file, "?immutable=1"), SQLITE_OPEN_READONLY);
    else if (code != SQLITE_OK) throw_database_error(file_, handle(), code);
}

Statement Database::prepare(std::string_view sql) const { return Statement(file_, handle(), sql); }

void Database::execute(const std::string& sql) const {
    const int code = sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw_database_error(file_, handle(), code);
}

std::int64_t Database::pragma(const std::string& name) const {
    Statement statement = prepare("PRAGMA " + name);
    return statement.step() ? statement.integer(0) : 0;
}

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(handle()); }

Transaction::Transaction(const Database& database) : database_(database) { database_.execute("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
    // SQLite has already rolled back after some errors (a full disk); then there is nothing left to undo.
    if (sqlite3_get_autocommit(database_.handle()) == 0) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() { database_.execute("COMMIT"); }

}  // namespace etude
