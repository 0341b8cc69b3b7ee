#pragma once

#include <chrono>
#include <string>

#include "base/ip_address.h"
#include "base/limits.h"
#include "provider/ports.h"

namespace sallyport::provider {

// The command line, the same for each call.
struct Options {
  std::string state_dir = "/var/lib/sallyport/kube-apiserver";
  base::IpAddress address = base::IpAddress::v4(0x7f000001);  // where API servers listen
  PortRange ports;
  std::string etcd;  // paths; empty: looked for
  std::string kube_apiserver;
  bool any_version = false;
  std::chrono::seconds timeout = base::limits::kProviderReadyTime;
};

}  // namespace sallyport::provider
