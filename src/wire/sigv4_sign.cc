#include <set>

#include "base/bytes.h"
#include "wire/sigv4.h"
#include "wire/sigv4_canonical.h"

namespace sallyport::wire::sigv4 {

std::vector<Header> sign(const Request& request, const SigningKey& key, base::Time time, std::string_view region,
                         std::string_view service) {
  const std::string date = base::format_amz_date(time);
  std::vector<Header> headers(request.headers.begin(), request.headers.end());
  headers.emplace_back("X-Amz-Date", date);

  std::set<std::string> names;
  for (const auto& [name, value] : headers)
    names.insert(base::ascii_lower(name));
  const std::vector<std::string> signed_headers(names.begin(), names.end());

  Request dated = request;
  dated.headers = headers;
  const Pairs query = parse_pairs(split_target(request.target).query).value_or(Pairs{});
  const Scope scope{std::string_view(date).substr(0, 8), region, service};
  const std::string canonical = canonical_request(dated, query, signed_headers, hex_sha256(request.body));

  std::string value(kAlgorithm);
  value += " Credential=";
  value += key.access_key_id;
  value += '/' + scope.to_string() + ", SignedHeaders=" + join(signed_headers, ';') +
           ", Signature=" + signature_of(canonical, time, scope, key.secret);
  return {{"X-Amz-Date", date}, {"Authorization", std::move(value)}};
}

}  // namespace sallyport::wire::sigv4
