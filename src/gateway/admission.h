#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "base/ip_address.h"
#include "gateway/counters.h"
#include "gateway/view.h"
#include "model/cluster.h"

namespace sallyport::gateway {

// The gateway's question to the policy, for one connection. Pure functions of a view, and of what is closing under it
// where `readmit` is not meant.
struct Admission {
  std::shared_ptr<const model::Cluster> cluster;  // set when admitted, and when a cluster was found and refused
  bool admitted = false;
  Refusal refusal = Refusal::kNoSnapshot;  // when not admitted
};

// Before anything is read: whether any cluster behind the listener admits the source.
bool admitted_anywhere(const View& view, std::size_t listener, const base::IpAddress& source);

// By the server name of the ClientHello.
Admission admit(const View& view, std::size_t listener, const base::IpAddress& source, std::string_view server_name);

// For a connection admitted before under another view: whether it still is. A cluster of the same name with
// another endpoint is another cluster.
Admission readmit(const View& view, std::size_t listener, const base::IpAddress& source, const model::Cluster& cluster);

}  // namespace sallyport::gateway
