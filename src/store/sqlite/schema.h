#pragma once

#include "base/result.h"
#include "store/sqlite/database.h"

namespace sallyport::store::sqlite {

// Brings an open database to this version's schema, each migration in a transaction of its own, after checking
// its integrity and its references. Refuses a file written by a newer version, and a damaged one, saying what
// to do.
base::Status prepare_schema(Database& database);

}  // namespace sallyport::store::sqlite
