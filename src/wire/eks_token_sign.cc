#include "wire/eks_token_sign.h"

#include <vector>

#include "wire/eks_token.h"
#include "wire/sigv4_canonical.h"
#include "wire/uri.h"

namespace sallyport::wire {

std::string sign_eks_token(const EksTokenRequest& request, base::Time now) {
  const std::string date = base::format_amz_date(now);
  const sigv4::Scope scope{std::string_view(date).substr(0, 8), request.region, "sts"};
  const std::string_view host = without_default_port(request.scheme, request.host);
  const std::string credential = std::string(request.access_key_id) + "/" + scope.to_string();
  Pairs query{{"Action", "GetCallerIdentity"},
              {"Version", "2011-06-15"},
              {"X-Amz-Algorithm", std::string(sigv4::kAlgorithm)},
              {"X-Amz-Credential", credential},
              {"X-Amz-Date", date},
              {"X-Amz-Expires", std::to_string(kEksTokenUrlTime.count())},
              {"X-Amz-SignedHeaders", "host;x-k8s-aws-id"}};
  if (!request.security_token.empty()) query.emplace_back("X-Amz-Security-Token", request.security_token);
  std::string target = "/?";
  for (const auto& [name, value] : query)
    target += percent_encode(name) + "=" + percent_encode(value) + "&";
  target.pop_back();
  const std::vector<sigv4::Header> headers{{"host", std::string(host)}, {"x-k8s-aws-id", std::string(request.cluster)}};
  const std::vector<std::string> signed_headers{"host", "x-k8s-aws-id"};
  const std::string canonical =
      sigv4::canonical_request({"GET", target, headers, {}}, query, signed_headers, sigv4::hex_sha256({}));
  return write_eks_token(std::string(request.scheme) + "://" + std::string(host) + target +
                         "&X-Amz-Signature=" + sigv4::signature_of(canonical, now, scope, request.secret));
}

}  // namespace sallyport::wire
