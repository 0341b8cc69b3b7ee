#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "store/store.h"

namespace sallyport::store {

// Opens, or creates with mode 0600, the store in the SQLite file at `path` for this process alone. Checks the
// file's integrity and migrates an older one. Fails with kInUse when another process has it, kCorrupt when it is
// damaged, kInvalidRequest when a newer version wrote it, kUnavailable when the system refuses.
base::Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path);

}  // namespace sallyport::store
