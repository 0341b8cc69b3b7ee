#include "workplace/session_request.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"
#include "wire/json_parse.h"
#include "wire/json_reader.h"

namespace sallyport::workplace {

namespace {

using base::ErrorKind;
using base::fail;

constexpr std::size_t kMostBytes = 2'048;           // of an ARN, a URL
constexpr std::size_t kMostTokenBytes = 16 * 1024;  // of a session token
constexpr std::size_t kMostAuthorityBytes = 48 * 1024;
constexpr std::uint64_t kMostSeconds = 253'402'300'799;  // the year 9999

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

// Reads the members of one document and keeps the first fault.
class Members {
 public:
  Members(wire::JsonReader reader, wire::JsonFault& fault) : reader_(std::move(reader)), fault_(fault) {}

  std::string text(std::string_view name, std::size_t most = kMostBytes) {
    std::string value = reader_.text(name).value_or("");
    if (fault_) return {};
    if (value.empty()) reader_.refuse(name, "is missing");
    if (value.size() > most) reader_.refuse(name, "is longer than " + std::to_string(most) + " bytes");
    if (!is_plain(value)) reader_.refuse(name, "must be printable ASCII without blanks");
    return value;
  }

  wire::JsonReader& reader() { return reader_; }

 private:
  wire::JsonReader reader_;
  wire::JsonFault& fault_;
};

std::optional<base::Time> expiration_of(const wire::JsonObject& credentials) {
  const auto found = std::ranges::find(credentials, "expiration", &wire::JsonMember::name);
  const auto* number = found == credentials.end() ? nullptr : found->value.as_number();
  if (number == nullptr) return std::nullopt;
  std::uint64_t seconds = 0;
  const char* begin = number->literal.data();
  const char* end = begin + number->literal.size();
  const auto [stop, error] = std::from_chars(begin, end, seconds);
  // A fraction of a second is left out: the session ends before its credentials do.
  if (error != std::errc() || (stop != end && *stop != '.') || seconds > kMostSeconds) return std::nullopt;
  return base::Time(base::Seconds(static_cast<std::int64_t>(seconds)));
}

bool is_endpoint(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  return url.starts_with(kScheme) && url.size() > kScheme.size() &&
         url.substr(kScheme.size()).find_first_of("/?#@\\\"'") == std::string_view::npos;
}

}  // namespace

base::Result<SessionRequest> parse_session_request(std::string_view body) {
  if (body.size() > base::limits::kWorkplaceBodyBytes) {
    return fail(ErrorKind::kInvalidParameter, "the request is too large");
  }
  const auto json = wire::parse_json(body);
  if (!json) return fail(json.error());
  if (json->as_object() == nullptr) return fail(ErrorKind::kInvalidParameter, "the request must be an object");
  wire::JsonFault fault;
  SessionRequest request;
  Members all(wire::JsonReader(*json->as_object(), "", fault), fault);
  request.principal = all.text("principalArn");
  request.holder = all.text("holder");
  request.region = all.text("region");
  request.request_id = all.text("requestId");
  const auto cluster = all.reader().object("cluster");
  const auto credentials = all.reader().object("credentials");
  if (!fault && !cluster) all.reader().refuse("cluster", "is missing");
  if (!fault && !credentials) all.reader().refuse("credentials", "is missing");
  if (fault) return fail(*fault);

  Members place(*cluster, fault);
  request.cluster.name = place.text("name");
  request.cluster.endpoint = place.text("endpoint");
  if (!fault && !is_endpoint(request.cluster.endpoint)) {
    place.reader().refuse("endpoint", "must be https:// and a host");
  }
  request.cluster.certificate_authority = place.text("certificateAuthority", kMostAuthorityBytes);
  if (!fault && !base::from_base64(request.cluster.certificate_authority)) {
    place.reader().refuse("certificateAuthority", "is no base64");
  }

  Members keys(*credentials, fault);
  request.credentials.access_key_id = keys.text("accessKeyId");
  request.credentials.secret_access_key = keys.text("secretAccessKey");
  request.credentials.session_token = keys.text("sessionToken", kMostTokenBytes);
  const auto object = std::ranges::find(*json->as_object(), "credentials", &wire::JsonMember::name);
  const auto expiration = expiration_of(*object->value.as_object());
  if (!fault && !expiration) keys.reader().refuse("expiration", "must be seconds since 1970");
  if (fault) return fail(*fault);
  request.credentials.expiration = *expiration;
  return request;
}

}  // namespace sallyport::workplace
