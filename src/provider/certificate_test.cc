#include "provider/certificate.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <chrono>

#include "provider/openssl_handles.h"

namespace sallyport::provider {
namespace {

using namespace std::chrono_literals;

const base::Time kNow(std::chrono::sys_days(std::chrono::year{2026} / 11 / 25));

CertificatePtr read(const std::string& pem) {
  const BioPtr bio = open_text(pem);
  return CertificatePtr(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

Authority make_authority(const std::string& name) {
  Profile profile;
  profile.common_name = name;
  profile.authority = true;
  profile.life = 24h * 3'650;
  std::string key = *make_key();
  return {*issue(profile, key, nullptr, kNow), key};
}

Profile server_profile() {
  Profile profile;
  profile.common_name = "kube-apiserver";
  profile.server = true;
  profile.sans = {"demo.example.com", "*.pods.example.com", "127.0.0.1", "2001:db8::1"};
  profile.life = 24h * 365;
  return profile;
}

// What OpenSSL, asked as a TLS peer asks it, says of a certificate at a time.
int verify(const std::string& pem, const Authority& authority, int purpose, base::Time at) {
  const CertificatePtr certificate = read(pem);
  const CertificatePtr ca = read(authority.certificate_pem);
  const std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), ca.get());
  const std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr);
  X509_STORE_CTX_set_purpose(context.get(), purpose);
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_X509_STRICT);
  X509_STORE_CTX_set_time(context.get(), 0, std::chrono::system_clock::to_time_t(at));
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

TEST(Certificate, AServersCertificateIsGoodForItsNamesAndUseAlone) {
  const Authority authority = make_authority("ca");
  const std::string key = *make_key();
  const auto pem = issue(server_profile(), key, &authority, kNow);
  ASSERT_TRUE(pem) << pem.error().message;
  EXPECT_EQ(verify(*pem, authority, X509_PURPOSE_SSL_SERVER, kNow), X509_V_OK);
  EXPECT_EQ(verify(*pem, authority, X509_PURPOSE_SSL_CLIENT, kNow), X509_V_ERR_INVALID_PURPOSE);
  EXPECT_EQ(verify(*pem, make_authority("ca"), X509_PURPOSE_SSL_SERVER, kNow),
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
  const CertificatePtr certificate = read(*pem);
  const auto is_for = [&](const char* host) { return X509_check_host(certificate.get(), host, 0, 0, nullptr) == 1; };
  EXPECT_TRUE(is_for("demo.example.com"));
  EXPECT_TRUE(is_for("a.pods.example.com"));
  EXPECT_FALSE(is_for("kube-apiserver"));
  EXPECT_FALSE(is_for("other.example.com"));
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "2001:db8::1", 0), 1);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "127.0.0.2", 0), 0);
}

TEST(Certificate, LivesFromFiveMinutesAgoToItsEnd) {
  const Authority authority = make_authority("ca");
  const std::string pem = *issue(server_profile(), *make_key(), &authority, kNow + 1h);
  const auto at = [&](base::Time time) { return verify(pem, authority, X509_PURPOSE_SSL_SERVER, time); };
  EXPECT_EQ(at(kNow + 54min), X509_V_ERR_CERT_NOT_YET_VALID);
  EXPECT_EQ(at(kNow + 56min), X509_V_OK);
  EXPECT_EQ(at(kNow + 24h * 365), X509_V_OK);
  EXPECT_EQ(at(kNow + 24h * 365 + 2h), X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST(Certificate, AClientsNameAndGroupAreInItsSubject) {
  const Authority authority = make_authority("ca");
  Profile profile;
  profile.common_name = "admin";
  profile.organization = "system:masters";
  profile.client = true;
  profile.life = 24h;
  const auto pem = issue(profile, *make_key(), &authority, kNow);
  ASSERT_TRUE(pem) << pem.error().message;
  EXPECT_EQ(verify(*pem, authority, X509_PURPOSE_SSL_CLIENT, kNow), X509_V_OK);
  EXPECT_EQ(verify(*pem, authority, X509_PURPOSE_SSL_SERVER, kNow), X509_V_ERR_INVALID_PURPOSE);
  const BioPtr text(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(text.get(), X509_get_subject_name(read(*pem).get()), 0, XN_FLAG_RFC2253);
  EXPECT_EQ(text_of(text.get()), "CN=admin,O=system:masters");
}

TEST(Certificate, NoTwoHaveOneSerialNumber) {
  const Authority authority = make_authority("ca");
  const std::string key = *make_key();
  const CertificatePtr one = read(*issue(server_profile(), key, &authority, kNow));
  const CertificatePtr two = read(*issue(server_profile(), key, &authority, kNow));
  EXPECT_NE(ASN1_INTEGER_cmp(X509_get_serialNumber(one.get()), X509_get_serialNumber(two.get())), 0);
}

TEST(Certificate, ANameTooLongIsAnError) {
  Profile profile = server_profile();
  profile.common_name = std::string(65, 'a');
  EXPECT_FALSE(issue(profile, *make_key(), nullptr, kNow));
}

TEST(IsCurrent, UntilTwoThirdsOfItsLifeAreOver) {
  const Authority authority = make_authority("ca");
  const std::string key = *make_key();
  Profile profile = server_profile();
  profile.life = 300h;
  const std::string pem = *issue(profile, key, &authority, kNow);
  EXPECT_TRUE(is_current(pem, profile, key, authority, kNow));
  EXPECT_TRUE(is_current(pem, profile, key, authority, kNow + 199h));
  EXPECT_FALSE(is_current(pem, profile, key, authority, kNow + 201h));
  EXPECT_FALSE(is_current(pem, profile, key, authority, kNow - 1h)) << "the clock was set back behind its start";
}

TEST(IsCurrent, AsLongAsItSaysJustThat) {
  const Authority authority = make_authority("ca");
  const std::string key = *make_key();
  const std::string pem = *issue(server_profile(), key, &authority, kNow);
  const auto current_for = [&](const Profile& profile) { return is_current(pem, profile, key, authority, kNow); };
  Profile wanted = server_profile();
  std::swap(wanted.sans.front(), wanted.sans.back());
  EXPECT_TRUE(current_for(wanted)) << "in whatever order";
  wanted.sans.emplace_back("more.example.com");
  EXPECT_FALSE(current_for(wanted));
  wanted = server_profile();
  wanted.sans.pop_back();
  EXPECT_FALSE(current_for(wanted));
  wanted = server_profile();
  wanted.client = true;
  EXPECT_FALSE(current_for(wanted));
  wanted = server_profile();
  wanted.organization = "system:masters";
  EXPECT_FALSE(current_for(wanted));
  EXPECT_FALSE(is_current(pem, server_profile(), *make_key(), authority, kNow));
  EXPECT_FALSE(is_current(pem, server_profile(), key, make_authority("ca"), kNow));
  EXPECT_FALSE(is_current("", server_profile(), key, authority, kNow));
  EXPECT_FALSE(is_current(pem.substr(0, pem.size() / 2), server_profile(), key, authority, kNow));
}

TEST(IsPair, TellsKeysApart) {
  const Authority one = make_authority("one");
  const Authority two = make_authority("two");
  EXPECT_TRUE(is_pair(one.certificate_pem, one.key_pem));
  EXPECT_FALSE(is_pair(one.certificate_pem, two.key_pem));
  EXPECT_FALSE(is_pair(one.certificate_pem, "no key"));
}

TEST(CountCertificates, CountsAndRefuses) {
  const std::string one = make_authority("one").certificate_pem;
  EXPECT_EQ(*count_certificates(one + one), 2U);
  EXPECT_FALSE(count_certificates(""));
  EXPECT_FALSE(count_certificates("no certificate"));
  EXPECT_FALSE(count_certificates(one + one.substr(0, 100)));
}

TEST(PublicKey, IsOfThatPrivateKey) {
  const std::string key = *make_key();
  const auto half = public_key_of(key);
  ASSERT_TRUE(half);
  EXPECT_TRUE(half->starts_with("-----BEGIN PUBLIC KEY-----"));
  EXPECT_EQ(*half, *public_key_of(key));
  EXPECT_NE(*half, *public_key_of(*make_key()));
  EXPECT_FALSE(public_key_of("no key"));
}

}  // namespace
}  // namespace sallyport::provider
