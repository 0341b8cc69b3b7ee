#pragma once

#include <span>

#include "base/result.h"
#include "store/sqlite/database.h"

namespace sallyport::store::sqlite {

// SQL that takes a file from version i, its place, to version i + 1.
using Migrations = std::span<const char* const>;

// Those of this version of Sallyport.
Migrations migrations();

// Refuses, before anything is written, a file that is damaged (kCorrupt), that Sallyport did not make, or that a
// newer version wrote (kInvalidRequest); each message names the file and the remedy.
base::Status check_file(const Database& database, Migrations known);

// Brings the file to the last version, each migration in one transaction of its own.
base::Status migrate(Database& database, Migrations known);

// How every connection of the store runs: WAL, each commit on the disk before it returns, references checked.
// kUnavailable where the file system cannot carry a WAL.
base::Status configure(Database& database);

}  // namespace sallyport::store::sqlite
