// framework/store/database.hpp - SQLite behind two small owners: a connection and a prepared statement.
//
// Every failure is an Error that names the file and says what to do; nothing here knows what is stored.
// Threads: one thread at a time.
#pragma once
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace etude {

/// Throws the Error for an SQLite result code about `file`.
[[noreturn]] void throw_database_error(const std::filesystem::path& file, sqlite3* connection, int code);

/// A prepared statement. Parameters and columns count from 0; text and blobs must live until the next reset().
class Statement {
  public:
    Statement() = default;
    Statement(std::filesystem::path file, sqlite3* connection, std::string_view sql);

    Statement& bind(int parameter, std::int64_t value);
    /// Every double comes back with the same bits: SQLite turns NaN into NULL and -0.0 into 0, so these two travel as blobs.
    Statement& bind(int parameter, double value);
    Statement& bind(int parameter, std::string_view text);
    Statement& bind_null(int parameter);
    Statement& bind_blob(int parameter, const void* data, std::size_t bytes);
    template <class T> Statement& bind_values(int parameter, const std::vector<T>& values) {
        return bind_blob(parameter, values.data(), values.size() * sizeof(T));
    }

    bool step();  ///< true: a row is there
    void run();   ///< to the end, then ready to be bound again
    void reset();

    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const;
    std::span<const std::byte> blob(int column) const;
    template <class T> std::vector<T> values(int column) const {
        const auto bytes = blob(column);
        std::vector<T> all(bytes.size() / sizeof(T));
        if (!all.empty()) std::memcpy(all.data(), bytes.data(), all.size() * sizeof(T));
        return all;
    }

  private:
    void check(int code) const;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    std::filesystem::path file_;
    sqlite3* connection_ = nullptr;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
  public:
    enum class Access { write, read };
    Database(const std::filesystem::path& file, Access access);

    Statement prepare(std::string_view sql) const;
    void execute(const std::string& sql) const;
    std::int64_t pragma(const std::string& name) const;
    std::int64_t last_row() const;
    const std::filesystem::path& file() const { return file_; }
    sqlite3* handle() const { return connection_.get(); }

  private:
    struct Close {
        void operator()(sqlite3* connection) const noexcept;
    };
    std::filesystem::path file_;
    std::unique_ptr<sqlite3, Close> connection_;
};

/// All or nothing: what was done since it was made is undone unless commit() was reached.
class Transaction {
  public:
    explicit Transaction(const Database& database);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    void commit();

  private:
    const Database& database_;
};

}  // namespace etude
