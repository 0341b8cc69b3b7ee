#pragma once

#include "base/ip_address.h"

namespace sallyport::workplace {

// Whether an address is this machine's, as it is at the moment: who comes from it may be a shell. True where that
// cannot be found out.
bool is_own(const base::IpAddress& address);

}  // namespace sallyport::workplace
