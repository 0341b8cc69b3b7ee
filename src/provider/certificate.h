#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

// X.509 certificates over P-256 keys (FIPS 186-4, RFC 5280) as PEM texts, by OpenSSL's library. No state; each
// function may run on any thread. Messages hold no key.
namespace sallyport::provider {

// The number of certificates in PEM text; fails where there is none or one does not decode.
base::Result<std::size_t> count_certificates(std::string_view pem);

// A fresh private key, PKCS #8.
base::Result<std::string> make_key();
// The public half of a private key, SubjectPublicKeyInfo.
base::Result<std::string> public_key_of(std::string_view key_pem);

// What a certificate is to say.
struct Profile {
  std::string common_name;   // at most 64 characters
  std::string organization;  // empty for none; Kubernetes reads it as the group
  bool authority = false;
  bool server = false;
  bool client = false;
  std::vector<std::string> sans;  // DNS names and IP addresses

  base::Seconds life{};
};

struct Authority {
  std::string certificate_pem;
  std::string key_pem;
};

// A certificate for `key_pem`, valid from five minutes before `now`; signed by `issuer`, or by itself without one.
base::Result<std::string> issue(const Profile& profile, std::string_view key_pem, const Authority* issuer,
                                base::Time now);

// Whether `certificate_pem` may go on serving: it is for that key, by that issuer, says all that the profile says,
// and has not used up two thirds of its life. A text that does not decode is not current.
bool is_current(std::string_view certificate_pem, const Profile& profile, std::string_view key_pem,
                const Authority& issuer, base::Time now);

// Whether the certificate, which need not be current, belongs to the key.
bool is_pair(std::string_view certificate_pem, std::string_view key_pem);

}  // namespace sallyport::provider
