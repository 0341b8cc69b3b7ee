#pragma once

#include <string>

#include "base/entropy.h"
#include "base/result.h"
#include "store/store.h"

namespace sallyport::app {

// The key that page tokens are signed with: kept in the store, where it is made at the first start, so that a page
// token outlives a restart.
base::Result<std::string> page_token_key(store::Store& store, base::Entropy& entropy);

}  // namespace sallyport::app
