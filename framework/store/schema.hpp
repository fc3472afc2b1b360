// framework/store/schema.hpp - the tables of etude.sqlite.
//
// A store written by an older etude is brought up to date when it is opened for writing; a newer one is refused.
#pragma once
#include "store/database.hpp"

namespace etude {

inline constexpr std::int64_t store_version = 2;              // PRAGMA user_version
inline constexpr std::int64_t store_application = 0x45747564; // PRAGMA application_id: "Etud"

/// Makes the tables in an empty database. Throws Error for a database that is not ours or newer than this etude.
void require_schema(const Database& database, Database::Access access);

}  // namespace etude
