#pragma once

#include "base/result.h"
#include "store/sqlite/database.h"
#include "store/sqlite/migrations.h"

namespace sallyport::store::sqlite {

// Refuses, before anything is written, a file that is damaged (kCorrupt), that Sallyport did not make, or that a
// newer version wrote (kInvalidRequest); each message names the file and the remedy.
base::Status check_file(const Database& database, Migrations known);

// Brings the file to the last version, each migration in one transaction of its own.
base::Status migrate(Database& database, Migrations known);

// How every connection of the store runs: WAL, each commit on the disk before it returns, references checked.
// kUnavailable where the file system cannot carry a WAL.
base::Status configure(Database& database);

}  // namespace sallyport::store::sqlite
