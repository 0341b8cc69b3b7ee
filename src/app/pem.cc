#include "app/pem.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace sallyport::app {

namespace {

using base::ErrorKind;
using base::fail;

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Bio open(std::string_view text) {
  const auto size = static_cast<int>(std::min<std::size_t>(text.size(), std::numeric_limits<int>::max()));
  return {BIO_new_mem_buf(text.data(), size), &BIO_free};
}

Certificate next_certificate(BIO* from) { return {PEM_read_bio_X509(from, nullptr, nullptr, nullptr), &X509_free}; }

// An encrypted key would ask the terminal for its passphrase otherwise.
int no_passphrase(char*, int, int, void*) { return -1; }

}  // namespace

base::Result<std::size_t> count_certificates(std::string_view pem) {
  ERR_clear_error();
  const Bio bio = open(pem);
  std::size_t count = 0;
  while (next_certificate(bio.get()))
    ++count;
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end) {
    return fail(ErrorKind::kInvalidParameter,
                "holds a damaged certificate after " + std::to_string(count) + " good ones");
  }
  if (count == 0) return fail(ErrorKind::kInvalidParameter, "holds no PEM certificate (-----BEGIN CERTIFICATE-----)");
  return count;
}

base::Status check_key_pair(std::string_view certificate_pem, std::string_view key_pem) {
  const Bio certificate_bio = open(certificate_pem);
  const Certificate certificate = next_certificate(certificate_bio.get());
  if (!certificate) return fail(ErrorKind::kInvalidParameter, "the certificate does not decode");
  const Bio key_bio = open(key_pem);
  const Key key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, &no_passphrase, nullptr), &EVP_PKEY_free);
  if (!key) {
    ERR_clear_error();
    return fail(ErrorKind::kInvalidParameter, "holds no PEM private key that can be read without a passphrase");
  }
  const bool match = X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (!match) return fail(ErrorKind::kInvalidParameter, "is not the key of the certificate in tls_cert_file");
  return {};
}

bool signs_itself(std::string_view pem) {
  const Bio bio = open(pem);
  bool found = false;
  while (const Certificate certificate = next_certificate(bio.get())) {
    found =
        found || X509_NAME_cmp(X509_get_subject_name(certificate.get()), X509_get_issuer_name(certificate.get())) == 0;
  }
  ERR_clear_error();
  return found;
}

}  // namespace sallyport::app
