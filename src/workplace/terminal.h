#pragma once

#include <boost/asio/awaitable.hpp>

#include "workplace/hub.h"
#include "workplace/peer.h"
#include "workplace/session_table.h"

namespace sallyport::workplace {

// Runs a session on the peer's strand until it ends, tells the peer, closes it, and leaves no process behind.
boost::asio::awaitable<void> serve_terminal(Hub& hub, Peer& peer, Session session);

}  // namespace sallyport::workplace
