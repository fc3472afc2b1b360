#include "store/schema.hpp"

#include "base/error.hpp"

namespace etude {
namespace {

// `number` (a row's place) is what the other tables refer to: shorter than the id and in the order of arrival.
constexpr const char* tables = R"sql(
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE plan (only INTEGER PRIMARY KEY CHECK (only = 1), json TEXT NOT NULL);
CREATE TABLE provenance (
    number INTEGER PRIMARY KEY, host TEXT NOT NULL, cpu TEXT NOT NULL, isa TEXT NOT NULL, onednn TEXT NOT NULL,
    compiler TEXT NOT NULL, etude TEXT NOT NULL,
    UNIQUE (host, cpu, isa, onednn, compiler, etude));
CREATE TABLE trial (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, seed INTEGER NOT NULL, status TEXT NOT NULL, message TEXT NOT NULL,
    epochs INTEGER NOT NULL, updates INTEGER NOT NULL, diverged_at INTEGER, last_lr REAL, wall_seconds REAL,
    epoch_lr BLOB NOT NULL,   -- float64, one per finished epoch
    update_lr BLOB NOT NULL,  -- float64, one per update when asked for
    resolved TEXT NOT NULL, provenance INTEGER NOT NULL REFERENCES provenance, finished_at TEXT NOT NULL);
CREATE TABLE curve (
    trial INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE, place INTEGER NOT NULL, metric TEXT NOT NULL,
    final REAL,               -- after the last epoch; a NaN or -0 is an 8-byte blob
    epochs BLOB NOT NULL,     -- float32, one per finished epoch
    PRIMARY KEY (trial, place)) WITHOUT ROWID;
CREATE TABLE counts_as (
    trial INTEGER NOT NULL REFERENCES trial ON DELETE CASCADE, place INTEGER NOT NULL, metric TEXT NOT NULL, value REAL,
    PRIMARY KEY (trial, place)) WITHOUT ROWID;
CREATE TABLE decision (
    trial INTEGER PRIMARY KEY REFERENCES trial ON DELETE CASCADE, x_min REAL, x_max REAL, y_min REAL, y_max REAL,
    columns INTEGER NOT NULL, rows INTEGER NOT NULL, classes BLOB NOT NULL,  -- runs (store/runs.hpp)
    samples TEXT NOT NULL);
CREATE TABLE samples (name TEXT PRIMARY KEY, x BLOB NOT NULL, y BLOB NOT NULL, labels BLOB NOT NULL);
)sql";

constexpr const char* since_version_2 = R"sql(
CREATE TABLE landscape (
    trial INTEGER PRIMARY KEY REFERENCES trial ON DELETE CASCADE, dimensions INTEGER NOT NULL, points INTEGER NOT NULL, span REAL NOT NULL,
    losses BLOB NOT NULL);    -- float64, points or points x points
)sql";

bool is_empty(const Database& database) {
    Statement count = database.prepare("SELECT count(*) FROM sqlite_master");
    return count.step() && count.integer(0) == 0;
}

}  // namespace

void require_schema(const Database& database, Database::Access access) {
    const std::string file = database.file().string();
    const std::int64_t application = database.pragma("application_id"), version = database.pragma("user_version");
    if (application == 0 && version == 0 && is_empty(database)) {
        if (access == Database::Access::read) throw Error(file + ": holds no results");
        Transaction transaction(database);
        database.execute(tables);
        database.execute(since_version_2);
        database.execute("PRAGMA application_id = " + std::to_string(store_application));
        database.execute("PRAGMA user_version = " + std::to_string(store_version));
        return transaction.commit();
    }
    if (application != store_application)
        throw Error(file + ": is a database, but not one of etude", "move the file away, or choose another folder with `--out`");
    if (version > store_version)
        throw Error(file + ": has store version " + std::to_string(version) + "; this etude reads up to version " + std::to_string(store_version),
                    "use the newer etude that wrote it, or choose another folder with `--out`");
    if (version < store_version && access == Database::Access::write) {
        Transaction transaction(database);
        database.execute(since_version_2);
        database.execute("PRAGMA user_version = " + std::to_string(store_version));
        transaction.commit();
    }
}

}  // namespace etude
