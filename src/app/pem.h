#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"

// Checks of certificate files named by a configuration. Pure; messages start with what is wrong and hold no
// key material.
namespace sallyport::app {

// The number of X.509 certificates in PEM text (RFC 7468); fails where there is none or one does not decode.
base::Result<std::size_t> count_certificates(std::string_view pem);

// The first certificate of `certificate_pem` and the private key of `key_pem` belong together.
base::Status check_key_pair(std::string_view certificate_pem, std::string_view key_pem);

// Whether one of the certificates names itself as its issuer: then clients must be told to trust it.
bool signs_itself(std::string_view pem);

}  // namespace sallyport::app
