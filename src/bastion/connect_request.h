#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "bastion/credentials.h"
#include "bastion/refusal.h"

namespace sallyport::bastion {

// What a client of an HTTP proxy asks for.
struct ConnectRequest {
  std::string host;  // an IPv6 address without its brackets
  std::uint16_t port = 0;
  std::optional<Credentials> credentials;  // nothing when the header is absent or not Basic (RFC 7617)
};

// Reads a request's header, up to and with its empty line, as CONNECT (RFC 9110 section 9.3.6). Malformed besides
// what is no HTTP/1.x: a target without a port, a body announced, Proxy-Authorization twice. Pure.
tl::expected<ConnectRequest, Refusal> read_connect(std::string_view head);

}  // namespace sallyport::bastion
