#include "wire/eks_token.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "wire/uri.h"

namespace sallyport::wire {

namespace {

namespace limits = base::limits;

constexpr std::string_view kPrefix = "k8s-aws-v1.";
constexpr std::string_view kClusterHeader = "x-k8s-aws-id";
constexpr std::chrono::seconds kMostExpires = limits::kEksTokenTime;

constexpr std::array<std::string_view, 9> kParameters = {
    "Action",         "Version",       "X-Amz-Algorithm",      "X-Amz-Credential",
    "X-Amz-Date",     "X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-SignedHeaders",
    "X-Amz-Signature"};

tl::unexpected<EksTokenFault> refuse(EksTokenFault fault) { return tl::unexpected<EksTokenFault>(fault); }

bool is_host(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]";
  return !text.empty() && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

// Scheme, host and target, or nothing.
std::optional<EksToken> split_url(std::string_view url) {
  EksToken token;
  for (const std::string_view scheme : {"https", "http"}) {
    if (!url.starts_with(scheme) || !url.substr(scheme.size()).starts_with("://")) continue;
    token.scheme = scheme;
    url.remove_prefix(scheme.size() + 3);
    break;
  }
  const std::size_t slash = url.find('/');
  if (token.scheme.empty() || slash == std::string_view::npos || !is_host(url.substr(0, slash))) return std::nullopt;
  token.host = without_default_port(token.scheme, url.substr(0, slash));
  token.target = url.substr(slash);
  if (!token.target.starts_with("/?")) return std::nullopt;
  return token;
}

bool is_canonical(const Pairs& pairs, std::string_view query) {
  std::string written;
  for (const auto& [name, value] : pairs) {
    if (!written.empty()) written += '&';
    written += percent_encode(name);
    written += '=';
    written += percent_encode(value);
  }
  return written == query;
}

// aws-iam-authenticator writes 0.
bool is_lifetime(std::string_view text) {
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  return error == std::errc{} && end == text.data() + text.size() && !text.starts_with('-') &&
         seconds <= kMostExpires.count();
}

std::optional<EksTokenFault> check_query(std::string_view query) {
  const auto pairs = parse_pairs(query);
  if (!pairs || !is_canonical(*pairs, query)) return EksTokenFault::kParameter;
  for (const auto& [name, value] : *pairs) {
    if (std::ranges::find(kParameters, name) == kParameters.end()) return EksTokenFault::kParameter;
    if (!only_value(*pairs, name)) return EksTokenFault::kParameter;
  }
  if (only_value(*pairs, "Action") != "GetCallerIdentity") return EksTokenFault::kAction;
  if (only_value(*pairs, "Version") != "2011-06-15") return EksTokenFault::kAction;
  if (only_value(*pairs, "X-Amz-SignedHeaders") != "host;x-k8s-aws-id") return EksTokenFault::kSignedHeaders;
  if (!is_lifetime(only_value(*pairs, "X-Amz-Expires").value_or(""))) return EksTokenFault::kExpires;
  return std::nullopt;
}

std::vector<sigv4::Header> headers_of(const EksToken& token, std::string_view cluster) {
  return {{"host", token.host}, {std::string(kClusterHeader), std::string(cluster)}};
}

}  // namespace

tl::expected<EksToken, EksTokenFault> read_eks_token(std::string_view token) {
  if (token.size() > limits::kEksTokenBytes) return refuse(EksTokenFault::kTooLong);
  if (!token.starts_with(kPrefix)) return refuse(EksTokenFault::kPrefix);
  const auto bytes = base::from_base64url(token.substr(kPrefix.size()));
  if (!bytes) return refuse(EksTokenFault::kEncoding);
  auto read = split_url(base::as_text(*bytes));
  if (!read) return refuse(EksTokenFault::kUrl);
  if (const auto fault = check_query(split_target(read->target).query)) return refuse(*fault);

  const auto headers = headers_of(*read, {});
  auto authorization = sigv4::read_authorization({"GET", read->target, headers, {}});
  if (!authorization) return refuse(EksTokenFault::kAuthorization);
  read->authorization = *std::move(authorization);
  return *std::move(read);
}

sigv4::Checked<void> verify_eks_token(const EksToken& token, std::string_view cluster, std::string_view secret,
                                      std::string_view region, base::Time now) {
  const auto headers = headers_of(token, cluster);
  sigv4::Authorization authorization = token.authorization;
  // The signature covers X-Amz-Expires in the target; here it is only how long the request is good.
  authorization.expires = kMostExpires;
  return sigv4::verify({"GET", token.target, headers, {}}, authorization, secret, region, now);
}

std::string_view without_default_port(std::string_view scheme, std::string_view host) {
  const std::string_view port = scheme == "https" ? ":443" : ":80";
  if (host.ends_with(port)) host.remove_suffix(port.size());
  return host;
}

std::string write_eks_token(std::string_view url) {
  return std::string(kPrefix) + base::to_base64url(base::as_bytes(url));
}

}  // namespace sallyport::wire
