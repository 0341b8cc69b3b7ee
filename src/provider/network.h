#pragma once

#include "base/ip_address.h"
#include "base/result.h"

namespace sallyport::provider {

// Whether this process could listen there now.
bool is_free(const base::SocketAddress& place);
// Whether somebody accepts connections there, on this machine; answers within a fifth of a second.
bool accepts_connections(const base::SocketAddress& place);

}  // namespace sallyport::provider
