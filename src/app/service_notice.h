#pragma once

#include <string_view>

namespace sallyport::app {

// Tells the service supervisor about a change of state (sd_notify(3)), such as "READY=1"; nothing where
// $NOTIFY_SOCKET is unset. Never blocks for long, never fails: no supervisor may stop us by not listening.
void notify_supervisor(std::string_view state);

}  // namespace sallyport::app
