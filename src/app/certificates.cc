#include "app/certificates.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <limits>
#include <memory>
#include <span>

#include "base/entropy.h"
#include "base/ip_address.h"
#include "base/limits.h"

namespace sallyport::app {

namespace {

using base::ErrorKind;
using base::fail;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* it) const {
    Free(it);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;

tl::unexpected<base::Error> failed(const std::string& what) {
  ERR_clear_error();
  return fail(ErrorKind::kInternal, "OpenSSL cannot " + what);
}

Bio reading(std::string_view text) {
  const auto size = static_cast<int>(std::min<std::size_t>(text.size(), std::numeric_limits<int>::max()));
  return Bio(BIO_new_mem_buf(text.data(), size));
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

int no_passphrase(char*, int, int, void*) { return -1; }

Certificate parse_certificate(std::string_view pem) {
  Certificate parsed(PEM_read_bio_X509(reading(pem).get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return parsed;
}

Key parse_key(std::string_view pem) {
  Key parsed(PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, &no_passphrase, nullptr));
  ERR_clear_error();
  return parsed;
}

std::string pem_of(X509* certificate) {
  const Bio out(BIO_new(BIO_s_mem()));
  return PEM_write_bio_X509(out.get(), certificate) == 1 ? text_of(out.get()) : std::string();
}

std::string pem_of(EVP_PKEY* key) {
  const Bio out(BIO_new(BIO_s_mem()));
  const bool written = PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1;
  return written ? text_of(out.get()) : std::string();
}

std::time_t seconds_of(base::Time time) { return std::chrono::floor<base::Seconds>(time).time_since_epoch().count(); }

base::Time time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return base::Time(base::Seconds(::timegm(&parts)));
}

// Random, so that no two certificates of an authority share one (RFC 5280 section 4.1.2.2: at most 20 bytes, positive).
bool set_serial(X509* certificate) {
  base::SystemEntropy entropy;
  std::array<std::uint8_t, 16> bytes{};
  entropy.fill(bytes);
  bytes.front() = static_cast<std::uint8_t>((bytes.front() & 0x3f) | 0x40);
  const std::unique_ptr<BIGNUM, Freed<BN_free>> number(
      BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_subject(X509* certificate, const std::string& name) {
  return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0) == 1;
}

bool add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

// Made as values: a name in OpenSSL's configuration syntax could say more than a name.
bool add_names(X509* certificate, const std::vector<std::string>& names) {
  const Names list(sk_GENERAL_NAME_new_null());
  for (const std::string& name : names) {
    std::unique_ptr<GENERAL_NAME, Freed<GENERAL_NAME_free>> entry(GENERAL_NAME_new());
    const auto address = base::IpAddress::parse(name);
    if (address) {
      ASN1_OCTET_STRING* value = a2i_IPADDRESS(name.c_str());
      if (value == nullptr) return false;
      GENERAL_NAME_set0_value(entry.get(), GEN_IPADD, value);
    } else {
      ASN1_IA5STRING* value = ASN1_IA5STRING_new();
      if (value == nullptr || ASN1_STRING_set(value, name.data(), static_cast<int>(name.size())) != 1) return false;
      GENERAL_NAME_set0_value(entry.get(), GEN_DNS, value);
    }
    if (sk_GENERAL_NAME_push(list.get(), entry.get()) == 0) return false;
    static_cast<void>(entry.release());
  }
  return X509_add1_ext_i2d(certificate, NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

bool begin(X509* certificate, EVP_PKEY* key, const std::string& name, base::Time from, base::Time to) {
  return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
         set_subject(certificate, name) &&
         ASN1_TIME_set(X509_getm_notBefore(certificate), seconds_of(from)) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), seconds_of(to)) != nullptr &&
         X509_set_pubkey(certificate, key) == 1;
}

}  // namespace

base::Result<KeyedCertificate> make_authority(const std::string& name, base::Time now, base::Seconds lifetime) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate made(X509_new());
  const base::Time from = now - base::limits::kSignatureClockSkew;
  if (!key || !made || !begin(made.get(), key.get(), name, from, now + lifetime) ||
      X509_set_issuer_name(made.get(), X509_get_subject_name(made.get())) != 1 ||
      !add_extension(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !add_extension(made.get(), made.get(), NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !add_extension(made.get(), made.get(), NID_subject_key_identifier, "hash") ||
      X509_sign(made.get(), key.get(), EVP_sha256()) == 0) {
    return failed("make a certificate authority");
  }
  return KeyedCertificate{pem_of(made.get()), pem_of(key.get())};
}

base::Result<KeyedCertificate> issue_serving(const KeyedCertificate& authority, const std::vector<std::string>& names,
                                             base::Time now, base::Seconds lifetime) {
  const Certificate issuer = parse_certificate(authority.certificate_pem);
  const Key signer = parse_key(authority.key_pem);
  if (!issuer || !signer) return fail(ErrorKind::kCorrupt, "the authority's certificate or key does not decode");
  if (names.empty()) return fail(ErrorKind::kInvalidParameter, "a server's certificate needs a name", "names");
  const Key key(EVP_EC_gen("P-256"));
  const Certificate made(X509_new());
  const base::Time from = now - base::limits::kSignatureClockSkew;
  const base::Time to = std::min<base::Time>(now + lifetime, time_of(X509_get0_notAfter(issuer.get())));
  if (!key || !made || !begin(made.get(), key.get(), "sallyport", from, to) ||
      X509_set_issuer_name(made.get(), X509_get_subject_name(issuer.get())) != 1 ||
      !add_extension(made.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE") ||
      !add_extension(made.get(), issuer.get(), NID_key_usage, "critical,digitalSignature") ||
      !add_extension(made.get(), issuer.get(), NID_ext_key_usage, "serverAuth") ||
      !add_extension(made.get(), issuer.get(), NID_authority_key_identifier, "keyid") ||
      !add_names(made.get(), names) || X509_sign(made.get(), signer.get(), EVP_sha256()) == 0) {
    return failed("issue a server's certificate");
  }
  return KeyedCertificate{pem_of(made.get()), pem_of(key.get())};
}

base::Result<CertificateFacts> read_certificate(std::string_view pem) {
  const Certificate certificate = parse_certificate(pem);
  if (!certificate) return fail(ErrorKind::kCorrupt, "holds no PEM certificate that decodes");
  CertificateFacts facts{.begins = time_of(X509_get0_notBefore(certificate.get())),
                         .ends = time_of(X509_get0_notAfter(certificate.get())),
                         .names = {}};
  const Names names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    void* held = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
    if (type != GEN_DNS && type != GEN_IPADD) continue;
    const auto* value = static_cast<const ASN1_STRING*>(held);
    const std::span bytes(ASN1_STRING_get0_data(value), static_cast<std::size_t>(ASN1_STRING_length(value)));
    if (type == GEN_DNS) {
      facts.names.emplace(bytes.begin(), bytes.end());
    } else if (bytes.size() == 4) {
      facts.names.insert(base::IpAddress::v4(bytes.first<4>()).to_string());
    } else if (bytes.size() == 16) {
      base::IpAddress::Octets address{};
      std::ranges::copy(bytes, address.begin());
      facts.names.insert(base::IpAddress::v6(address).to_string());
    }
  }
  return facts;
}

base::Result<KeyedCertificate> split_keyed(std::string_view pem) {
  const Certificate certificate = parse_certificate(pem);
  const Key key = parse_key(pem);
  const bool fit = certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (!fit) return fail(ErrorKind::kCorrupt, "does not hold a PEM certificate and its key");
  return KeyedCertificate{pem_of(certificate.get()), pem_of(key.get())};
}

bool is_signed_by(std::string_view pem, std::string_view authority_pem) {
  const Certificate certificate = parse_certificate(pem);
  const Certificate authority = parse_certificate(authority_pem);
  const bool valid = certificate && authority && X509_verify(certificate.get(), X509_get0_pubkey(authority.get())) == 1;
  ERR_clear_error();
  return valid;
}

}  // namespace sallyport::app
