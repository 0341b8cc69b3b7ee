#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

// Making X.509 certificates, by OpenSSL: an authority of our own and what it signs. ECDSA on P-256 with SHA-256. Pure
// but for the random keys and serial numbers. No message holds key material.
namespace sallyport::app {

struct KeyedCertificate {
  std::string certificate_pem;
  std::string key_pem;  // secret

  std::string both() const { return certificate_pem + key_pem; }
};

// From a little before `now`, for clocks that are late, to `now` + `lifetime`. It signs end certificates only.
base::Result<KeyedCertificate> make_authority(const std::string& name, base::Time now, base::Seconds lifetime);

// A server's certificate for `names` (addresses and DNS names, at least one), which ends with its authority at the
// latest.
base::Result<KeyedCertificate> issue_serving(const KeyedCertificate& authority, const std::vector<std::string>& names,
                                             base::Time now, base::Seconds lifetime);

struct CertificateFacts {
  base::Time begins{};
  base::Time ends{};
  std::set<std::string> names;  // addresses and DNS names it is for
};
// Of the first certificate of a PEM text.
base::Result<CertificateFacts> read_certificate(std::string_view pem);

// The first certificate and the first key of a text, as `both` has them; kCorrupt when they do not fit each other.
base::Result<KeyedCertificate> split_keyed(std::string_view pem);

// Whether the authority's key signed the first certificate of `pem`.
bool is_signed_by(std::string_view pem, std::string_view authority_pem);

}  // namespace sallyport::app
