#pragma once

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

namespace sallyport::app {

// "https://sallyport.example.com:8787", taken apart.
struct ServiceUrl {
  bool tls = true;
  std::string host;  // a name or an address, IPv6 without brackets
  std::uint16_t port = 443;
  std::string written_authority;  // "sallyport.example.com:8787", as it stands in the URL
};

// Of http or https, without a user, path or query. The error says why it is none, for after the URL: "must …". Pure.
tl::expected<ServiceUrl, std::string> parse_service_url(const std::string& text);

// Whether the URL is plain HTTP to another machine.
bool is_clear_text(const ServiceUrl& url);

}  // namespace sallyport::app
