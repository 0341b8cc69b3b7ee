#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "store/sqlite/database.h"

namespace sallyport::store::sqlite {

// The store's file, sound, at this version's schema and configured. Where there is none it is made, mode 0600,
// under another name and then renamed, so that a file at `path` is always a whole store: an empty one has lost
// its content and is refused, never taken for new. The caller holds the lock. Errors as for open_sqlite_store.
base::Result<std::unique_ptr<Database>> open_store_file(const std::string& path);

}  // namespace sallyport::store::sqlite
