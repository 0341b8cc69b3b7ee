#include "api/http_message.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

#include "api/errors.h"
#include "base/bytes.h"
#include "base/entropy.h"

namespace sallyport::api {

namespace {

namespace http = boost::beast::http;

constexpr std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

// IMF-fixdate (RFC 9110 section 5.6.7), whatever the locale.
std::string http_date() {
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm at{};
  ::gmtime_r(&now, &at);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays.at(static_cast<std::size_t>(at.tm_wday)), at.tm_mday,
                kMonths.at(static_cast<std::size_t>(at.tm_mon)), at.tm_year + 1900, at.tm_hour, at.tm_min, at.tm_sec);
  return text.data();
}

// A line break in a value would begin a header, or a response, of the value's choosing.
std::string on_one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  return text;
}

std::string_view error_type(int status) {
  switch (status) {
    case 408: return "RequestTimeoutException";
    case 413: return "RequestEntityTooLargeException";
    case 500: return "ServerException";
    case 503: return "ServiceUnavailableException";
    default: return "InvalidRequestException";
  }
}

}  // namespace

std::optional<HttpRefusal> check_head(const BeastRequest& request) {
  const std::size_t hosts = request.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && request.version() >= 11)) return HttpRefusal{400, "Host must be given once."};

  const std::size_t encodings = request.count(http::field::transfer_encoding);
  const std::size_t lengths = request.count(http::field::content_length);
  if (encodings > 0 && lengths > 0) {
    return HttpRefusal{400, "A request has either Content-Length or Transfer-Encoding, not both."};
  }
  const std::string_view length = view(request[http::field::content_length]);
  if (lengths > 1 || length.find_first_not_of("0123456789") != std::string_view::npos) {
    return HttpRefusal{400, "Content-Length must be a number and be given once."};
  }
  if (encodings > 0 && (encodings > 1 || request.version() < 11 ||
                        !base::ascii_iequals(view(request[http::field::transfer_encoding]), "chunked"))) {
    return HttpRefusal{400, "Transfer-Encoding must be 'chunked', given once, in HTTP/1.1."};
  }
  if (!view(request.target()).starts_with('/')) {
    return HttpRefusal{400, "The request target must be a path that begins with '/'."};
  }
  const std::string_view expectation = view(request[http::field::expect]);
  if (!expectation.empty() && !base::ascii_iequals(expectation, "100-continue")) {
    return HttpRefusal{417, "Expect must be '100-continue'."};
  }
  return std::nullopt;
}

std::optional<HttpRefusal> check_upgrade(const BeastRequest& request) {
  if (request.version() < 11) return HttpRefusal{426, "An upgrade needs HTTP/1.1."};
  if (request.count(http::field::content_length) > 0 || request.count(http::field::transfer_encoding) > 0 ||
      request.count(http::field::expect) > 0) {
    return HttpRefusal{400, "A request to upgrade has no body."};
  }
  return std::nullopt;
}

std::optional<HttpRefusal> refusal_of(const boost::system::error_code& error) {
  if (error == http::error::body_limit) return HttpRefusal{413, "The request body is longer than 1 MiB."};
  if (error == http::error::header_limit) {
    return HttpRefusal{431, "The request header is longer than 16 KiB."};
  }
  // Faults of the transport, the end of the stream among them, have other categories than the parser's.
  if (error.category() != make_error_code(http::error::bad_method).category()) return std::nullopt;
  return HttpRefusal{400, "The request is not well-formed HTTP/1.1."};
}

HttpRequest head_of(const BeastRequest& request, const base::IpAddress& source, bool over_tls) {
  HttpRequest out;
  out.method = view(request.method_string());
  out.target = view(request.target());
  for (const auto& field : request)
    out.headers.emplace_back(view(field.name_string()), view(field.value()));
  out.source = source;
  out.over_tls = over_tls;
  return out;
}

BeastResponse to_beast(HttpResponse&& response, unsigned version, bool keep_alive, bool to_head) {
  BeastResponse out;
  out.version(version);
  out.result(static_cast<unsigned>(response.status));
  for (auto& [name, value] : response.headers)
    out.insert(on_one_line(name), on_one_line(std::move(value)));
  out.set(http::field::date, http_date());
  out.keep_alive(keep_alive);
  if (response.status >= 200 && response.status != 204 && response.status != 304) {
    out.content_length(response.body.size());
    if (!to_head) out.body() = std::move(response.body);
  }
  return out;
}

HttpResponse server_answer(int status, std::string_view message) {
  base::SystemEntropy entropy;
  HttpResponse response = rest_json_error(status, error_type(status), message);
  response.headers.emplace_back("x-amzn-RequestId", base::random_uuid(entropy));
  return response;
}

}  // namespace sallyport::api
