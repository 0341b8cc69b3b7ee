#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "wire/eks_token.h"
#include "wire/sigv4_canonical.h"
#include "wire/uri.h"

// Makes tokens as clients do, and as only an attacker would.
namespace sallyport::wire::testing_tokens {

struct TokenParts {
  std::string access_key_id = "AKIAIOSFODNN7EXAMPLE";
  std::string secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  std::string cluster = "demo";
  base::Time signed_at = *base::parse_amz_date("20261124T143000Z");
  std::string scheme = "https";
  std::string host = "sts.us-east-1.amazonaws.com";
  std::string path = "/";
  std::string method = "GET";
  std::string body{};
  std::string region = "us-east-1";
  std::string service = "sts";
  std::string action = "GetCallerIdentity";
  std::string version = "2011-06-15";
  std::string expires = "60";
  std::vector<std::string> signed_headers = {"host", "x-k8s-aws-id"};
  std::vector<sigv4::Header> more_headers{};
  std::string security_token{};
  std::string more{};  // of the query, before the signature: "&DurationSeconds=900"
};

inline std::string url_of(const TokenParts& parts) {
  const std::string date = base::format_amz_date(parts.signed_at);
  const sigv4::Scope scope{std::string_view(date).substr(0, 8), parts.region, parts.service};
  std::string target = parts.path + "?Action=" + parts.action + "&Version=" + parts.version +
                       "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" +
                       percent_encode(parts.access_key_id + "/" + scope.to_string()) + "&X-Amz-Date=" + date +
                       "&X-Amz-Expires=" + parts.expires +
                       "&X-Amz-SignedHeaders=" + percent_encode(sigv4::join(parts.signed_headers, ';'));
  if (!parts.security_token.empty()) target += "&X-Amz-Security-Token=" + percent_encode(parts.security_token);
  target += parts.more;
  std::vector<sigv4::Header> headers = {{"host", parts.host}, {"x-k8s-aws-id", parts.cluster}};
  headers.insert(headers.end(), parts.more_headers.begin(), parts.more_headers.end());
  const sigv4::Request request{parts.method, target, headers, parts.body};
  const Pairs query = parse_pairs(split_target(target).query).value_or(Pairs{});
  const std::string canonical =
      sigv4::canonical_request(request, query, parts.signed_headers, sigv4::hex_sha256(parts.body));
  return parts.scheme + "://" + parts.host + target +
         "&X-Amz-Signature=" + sigv4::signature_of(canonical, parts.signed_at, scope, parts.secret);
}

inline std::string token_of(const TokenParts& parts) { return write_eks_token(url_of(parts)); }

}  // namespace sallyport::wire::testing_tokens
