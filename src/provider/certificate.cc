#include "provider/certificate.h"

#include <openssl/pem.h>
#include <openssl/rand.h>

#include <array>
#include <ctime>
#include <optional>
#include <set>
#include <utility>

#include "base/ip_address.h"
#include "provider/openssl_handles.h"

namespace sallyport::provider {

namespace {

using base::ErrorKind;
using base::fail;

constexpr base::Seconds kClockSkew = std::chrono::minutes(5);

tl::unexpected<base::Error> failed(const std::string& what) {
  return fail(ErrorKind::kInternal, "OpenSSL cannot " + what + ": " + openssl_reason());
}

CertificatePtr read_certificate(std::string_view pem) {
  const BioPtr bio = open_text(pem);
  CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return certificate;
}

// An encrypted key would ask the terminal for its passphrase otherwise.
int no_passphrase(char*, int, int, void*) { return -1; }

KeyPtr read_key(std::string_view pem) {
  const BioPtr bio = open_text(pem);
  KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &no_passphrase, nullptr));
  ERR_clear_error();
  return key;
}

std::string to_pem(X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return text_of(bio.get());
}

bool add_name(X509_NAME* to, const char* field, const std::string& value) {
  return value.empty() ||
         X509_NAME_add_entry_by_txt(to, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.data()),
                                    static_cast<int>(value.size()), -1, 0) == 1;
}

bool add_extension(X509* to, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  return extension && X509_add_ext(to, extension.get(), -1) == 1;
}

// The bytes of an IP address as a certificate holds them; the name itself otherwise.
std::string san_bytes(const std::string& san, bool& is_address) {
  const auto address = base::IpAddress::parse(san);
  is_address = address.has_value();
  if (!address) return san;
  const base::IpAddress::Octets& octets = address->octets();
  const auto first = address->is_v4() ? octets.end() - 4 : octets.begin();
  return {first, octets.end()};
}

// Built of values, not of a configuration text, so that no name can be read as anything else.
bool add_sans(X509* to, const std::vector<std::string>& sans) {
  if (sans.empty()) return true;
  const NamesPtr names(GENERAL_NAMES_new());
  for (const std::string& san : sans) {
    bool is_address = false;
    const std::string bytes = san_bytes(san, is_address);
    GENERAL_NAME* name = GENERAL_NAME_new();
    ASN1_STRING* value = ASN1_STRING_type_new(is_address ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);
    ASN1_STRING_set(value, bytes.data(), static_cast<int>(bytes.size()));
    GENERAL_NAME_set0_value(name, is_address ? GEN_IPADD : GEN_DNS, value);
    sk_GENERAL_NAME_push(names.get(), name);
  }
  return X509_add1_ext_i2d(to, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

using San = std::pair<bool, std::string>;  // whether an address, bytes

std::set<San> sans_of(const std::vector<std::string>& sans) {
  std::set<San> all;
  for (const std::string& san : sans) {
    bool is_address = false;
    std::string bytes = san_bytes(san, is_address);
    all.emplace(is_address, std::move(bytes));
  }
  return all;
}

std::set<San> sans_of(X509* certificate) {
  std::set<San> all;
  const NamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int kind = 0;
    const auto* value =
        static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &kind));
    if (kind != GEN_IPADD && kind != GEN_DNS) continue;
    const auto* data = ASN1_STRING_get0_data(value);
    all.emplace(kind == GEN_IPADD, std::string(data, data + ASN1_STRING_length(value)));
  }
  return all;
}

std::string usages_of(const Profile& profile) {
  if (profile.server && profile.client) return "serverAuth,clientAuth";
  return profile.server ? "serverAuth" : "clientAuth";
}

bool add_extensions(X509* to, X509* issuer, const Profile& profile) {
  if (profile.authority) {
    return add_extension(to, issuer, NID_basic_constraints, "critical,CA:TRUE") &&
           add_extension(to, issuer, NID_key_usage, "critical,keyCertSign,cRLSign,digitalSignature") &&
           add_extension(to, issuer, NID_subject_key_identifier, "hash");
  }
  return add_extension(to, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(to, issuer, NID_key_usage, "critical,digitalSignature") &&
         add_extension(to, issuer, NID_ext_key_usage, usages_of(profile).c_str()) &&
         add_extension(to, issuer, NID_authority_key_identifier, "keyid") && add_sans(to, profile.sans);
}

bool set_serial(X509* certificate) {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return false;
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7f) | 0x40);  // positive, and of full length
  BIGNUM* number = BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr);
  const bool set = number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return set;
}

std::time_t seconds_of(base::Time time) { return std::chrono::system_clock::to_time_t(time); }

std::optional<base::Time> time_of(const ASN1_TIME* from) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(from, &parts) != 1) return std::nullopt;
  return base::Time(base::Seconds(::timegm(&parts)));
}

bool has_aged(X509* certificate, base::Time now) {
  const auto start = time_of(X509_get0_notBefore(certificate));
  const auto end = time_of(X509_get0_notAfter(certificate));
  return !start || !end || now < *start || (now - *start) * 3 >= (*end - *start) * 2;
}

bool says_name(X509* certificate, const Profile& profile) {
  const std::unique_ptr<X509_NAME, FreeWith<X509_NAME_free>> wanted(X509_NAME_new());
  return add_name(wanted.get(), "O", profile.organization) && add_name(wanted.get(), "CN", profile.common_name) &&
         X509_NAME_cmp(wanted.get(), X509_get_subject_name(certificate)) == 0;
}

bool says_usages(X509* certificate, const Profile& profile) {
  const unsigned int usages = X509_get_extended_key_usage(certificate);
  return (!profile.server || (usages & XKU_SSL_SERVER) != 0) && (!profile.client || (usages & XKU_SSL_CLIENT) != 0);
}

}  // namespace

base::Result<std::size_t> count_certificates(std::string_view pem) {
  ERR_clear_error();
  const BioPtr bio = open_text(pem);
  std::size_t count = 0;
  while (CertificatePtr(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)))
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

base::Result<std::string> make_key() {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!key || PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return failed("make a key");
  }
  return text_of(bio.get());
}

base::Result<std::string> public_key_of(std::string_view key_pem) {
  const KeyPtr key = read_key(key_pem);
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!key || PEM_write_bio_PUBKEY(bio.get(), key.get()) != 1) return failed("read a private key");
  return text_of(bio.get());
}

base::Result<std::string> issue(const Profile& profile, std::string_view key_pem, const Authority* issuer,
                                base::Time now) {
  const KeyPtr key = read_key(key_pem);
  if (!key) return failed("read the private key of " + profile.common_name);
  const CertificatePtr made(X509_new());
  const CertificatePtr issuer_certificate = issuer ? read_certificate(issuer->certificate_pem) : nullptr;
  const KeyPtr issuer_key = issuer ? read_key(issuer->key_pem) : nullptr;
  if (issuer && (!issuer_certificate || !issuer_key)) return failed("read the authority of " + profile.common_name);
  X509* signer = issuer ? issuer_certificate.get() : made.get();

  std::time_t start = seconds_of(now - kClockSkew);
  std::time_t end = seconds_of(now + profile.life);
  X509_NAME* subject = X509_get_subject_name(made.get());
  const bool good = X509_set_version(made.get(), X509_VERSION_3) == 1 && set_serial(made.get()) &&
                    X509_time_adj_ex(X509_getm_notBefore(made.get()), 0, 0, &start) != nullptr &&
                    X509_time_adj_ex(X509_getm_notAfter(made.get()), 0, 0, &end) != nullptr &&
                    X509_set_pubkey(made.get(), key.get()) == 1 && add_name(subject, "O", profile.organization) &&
                    add_name(subject, "CN", profile.common_name) &&
                    X509_set_issuer_name(made.get(), X509_get_subject_name(signer)) == 1 &&
                    add_extensions(made.get(), signer, profile) &&
                    X509_sign(made.get(), issuer ? issuer_key.get() : key.get(), EVP_sha256()) > 0;
  if (!good) return failed("make the certificate of " + profile.common_name);
  return to_pem(made.get());
}

bool is_current(std::string_view certificate_pem, const Profile& profile, std::string_view key_pem,
                const Authority& issuer, base::Time now) {
  const CertificatePtr certificate = read_certificate(certificate_pem);
  const CertificatePtr authority = read_certificate(issuer.certificate_pem);
  if (!certificate || !authority || !is_pair(certificate_pem, key_pem)) return false;
  const bool signed_by = X509_verify(certificate.get(), X509_get0_pubkey(authority.get())) == 1;
  ERR_clear_error();
  return signed_by && says_name(certificate.get(), profile) && says_usages(certificate.get(), profile) &&
         sans_of(certificate.get()) == sans_of(profile.sans) && !has_aged(certificate.get(), now);
}

bool is_pair(std::string_view certificate_pem, std::string_view key_pem) {
  const CertificatePtr certificate = read_certificate(certificate_pem);
  const KeyPtr key = read_key(key_pem);
  const bool match = certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  return match;
}

}  // namespace sallyport::provider
