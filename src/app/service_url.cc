#include "app/service_url.h"

#include <charconv>
#include <string_view>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/ip_address.h"

namespace sallyport::app {

tl::expected<ServiceUrl, std::string> parse_service_url(const std::string& text) {
  const auto url = boost::urls::parse_uri(text);
  const bool http = url && url->scheme_id() == boost::urls::scheme::http;
  if (!url || (!http && url->scheme_id() != boost::urls::scheme::https) || url->encoded_host_address().empty()) {
    return tl::unexpected(std::string("is not the URL of an API; write \"https://sallyport.example.com:8787\""));
  }
  if (url->has_userinfo()) {
    return tl::unexpected(std::string("must hold no user or password: each client brings its own"));
  }
  if ((!url->encoded_path().empty() && url->encoded_path() != "/") || url->has_query() || url->has_fragment()) {
    return tl::unexpected(std::string("must end after host and port"));
  }
  ServiceUrl service;
  service.tls = !http;
  service.port = http ? 80 : 443;
  const std::string_view port(url->port().data(), url->port().size());
  if (!port.empty()) {
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), service.port);
    if (error != std::errc() || end != port.data() + port.size() || service.port == 0) {
      return tl::unexpected(std::string("has a port that is none; write 1 to 65535"));
    }
  }
  service.host = std::string(url->host_address());
  const auto authority = url->encoded_host_and_port();
  service.written_authority.assign(authority.data(), authority.size());
  return service;
}

bool is_clear_text(const ServiceUrl& url) {
  const auto address = base::IpAddress::parse(url.host);
  return !url.tls && !(address && address->is_loopback());
}

}  // namespace sallyport::app
