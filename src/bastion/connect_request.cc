#include "bastion/connect_request.h"

#include <algorithm>
#include <charconv>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "base/bytes.h"
#include "base/limits.h"

namespace sallyport::bastion {

namespace {

namespace http = boost::beast::http;

constexpr std::string_view kScheme = "basic ";

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

std::optional<Credentials> read_basic(std::string_view value) {
  if (value.size() < kScheme.size() || !base::ascii_iequals(value.substr(0, kScheme.size()), kScheme)) {
    return std::nullopt;
  }
  value.remove_prefix(kScheme.size());
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  const auto bytes = base::from_base64(value);
  if (!bytes) return std::nullopt;
  const std::string_view pair = base::as_text(*bytes);
  const std::size_t colon = pair.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return Credentials{std::string(pair.substr(0, colon)), std::string(pair.substr(colon + 1))};
}

bool read_target(std::string_view target, ConnectRequest& request) {
  const std::size_t colon = target.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view port = target.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), request.port);
  if (error != std::errc() || end != port.data() + port.size() || request.port == 0) return false;
  std::string_view host = target.substr(0, colon);
  if (host.starts_with('[') != host.ends_with(']')) return false;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  request.host = std::string(host);
  return !host.empty();
}

}  // namespace

tl::expected<ConnectRequest, Refusal> read_connect(std::string_view head) {
  http::request_parser<http::empty_body> parser;
  parser.skip(true);
  parser.header_limit(base::limits::kBastionRequestBytes);
  boost::system::error_code error;
  parser.put(boost::asio::buffer(head), error);
  if (error == http::error::header_limit) return tl::unexpected(Refusal::kTooLarge);
  if (error || !parser.is_header_done()) return tl::unexpected(Refusal::kMalformed);
  const auto& message = parser.get();
  if (message.method() != http::verb::connect) return tl::unexpected(Refusal::kNotConnect);

  ConnectRequest request;
  const auto length = message.find(http::field::content_length);
  if ((length != message.end() && length->value() != "0") || message.count(http::field::transfer_encoding) != 0 ||
      message.count(http::field::proxy_authorization) > 1 || !read_target(view(message.target()), request)) {
    return tl::unexpected(Refusal::kMalformed);
  }
  request.credentials = read_basic(view(message[http::field::proxy_authorization]));
  return request;
}

}  // namespace sallyport::bastion
