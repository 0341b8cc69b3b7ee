#pragma once

#include "base/result.h"
#include "workplace/config.h"

namespace sallyport::workplace {

// kInvalidParameter, naming whom, where a user or a group of this machine has an id of `uids`: sessions would run with
// what is theirs. Reads what getpwent(3) and getgrent(3) list; directories that list nobody are not asked. One thread.
base::Status nobody_has(const UidRange& uids);

}  // namespace sallyport::workplace
