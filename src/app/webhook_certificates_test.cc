#include "app/webhook_certificates.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/test_folder.h"

namespace sallyport::app {
namespace {

using namespace std::chrono_literals;

const base::Time kNow{base::Seconds(1'795'000'000)};

class WebhookCertificatesTest : public testing::Test {
 protected:
  std::string path() const { return folder_.path() + "/webhooks"; }
  base::Result<WebhookCertificates> open(std::vector<std::string> names = {"127.0.0.1"}, base::Time now = kNow) {
    return WebhookCertificates::open(path(), std::move(names), now);
  }
  static std::string text(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string serving() const { return text(path() + "/serving.pem"); }
  static mode_t mode(const std::string& file) {
    struct stat found {};
    EXPECT_EQ(::stat(file.c_str(), &found), 0) << file;
    return found.st_mode & 07777;
  }

  base::TestFolder folder_;
};

TEST_F(WebhookCertificatesTest, AreMadeOnceAndForThisUserAlone) {
  const auto first = open();
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(mode(path()), 0700U);
  EXPECT_EQ(mode(path() + "/authority.pem"), 0600U);
  EXPECT_EQ(mode(path() + "/serving.pem"), 0600U);
  EXPECT_TRUE(is_signed_by(serving(), first->authority_pem()));
  const auto facts = read_certificate(serving());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->names, std::set<std::string>{"127.0.0.1"});
  EXPECT_EQ(facts->ends, kNow + 90 * 24h);
  const std::string kept = serving();
  const auto second = open();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->authority_pem(), first->authority_pem());
  EXPECT_EQ(serving(), kept);
}

TEST_F(WebhookCertificatesTest, AreRenewedOnceTwoThirdsAreOver) {
  auto made = open();
  ASSERT_TRUE(made);
  const std::string first = serving();
  EXPECT_EQ(made->renew_if_due(kNow + 59 * 24h), false);
  EXPECT_EQ(serving(), first);
  const base::Time later = kNow + 60 * 24h;
  EXPECT_EQ(made->renew_if_due(later), true);
  EXPECT_NE(serving(), first);
  EXPECT_EQ(read_certificate(serving())->ends, later + 90 * 24h);
  EXPECT_TRUE(is_signed_by(serving(), made->authority_pem()));
  EXPECT_EQ(made->renew_if_due(later), false);
}

TEST_F(WebhookCertificatesTest, AreMadeAnewForOtherNamesOrAnotherAuthorityOrDamage) {
  ASSERT_TRUE(open());
  std::string before = serving();
  ASSERT_TRUE(open({"127.0.0.1", "api.example.com"}));
  EXPECT_NE(serving(), before);
  EXPECT_EQ(read_certificate(serving())->names, (std::set<std::string>{"127.0.0.1", "api.example.com"}));
  std::filesystem::remove(path() + "/authority.pem");
  const auto renewed = open();
  ASSERT_TRUE(renewed);
  EXPECT_TRUE(is_signed_by(serving(), renewed->authority_pem()));
  std::ofstream(path() + "/serving.pem") << "damaged";
  ASSERT_TRUE(open());
  EXPECT_TRUE(is_signed_by(serving(), renewed->authority_pem()));
  before = serving();
  ASSERT_TRUE(open({"127.0.0.1"}, kNow + 61 * 24h)) << "due at start";
  EXPECT_NE(serving(), before);
}

TEST_F(WebhookCertificatesTest, AnAuthorityThatIsDamagedOverOrOpenToOthersIsRefused) {
  ASSERT_TRUE(open());
  const std::string authority = path() + "/authority.pem";
  const auto over = open({"127.0.0.1"}, kNow + 3651 * 24h);
  ASSERT_FALSE(over);
  EXPECT_NE(over.error().message.find("has expired"), std::string::npos);
  ::chmod(authority.c_str(), 0644);
  EXPECT_EQ(open().error().kind, base::ErrorKind::kAccessDenied);
  ::chmod(authority.c_str(), 0600);
  ::chmod(path().c_str(), 0755);
  EXPECT_EQ(open().error().kind, base::ErrorKind::kAccessDenied);
  ::chmod(path().c_str(), 0700);
  std::ofstream(authority) << "damaged";
  EXPECT_EQ(open().error().kind, base::ErrorKind::kCorrupt);
}

TEST_F(WebhookCertificatesTest, NearTheAuthoritysEndNothingIsRenewedInVain) {
  ASSERT_TRUE(open());
  const base::Time late = kNow + 3640 * 24h;
  auto made = open({"127.0.0.1"}, late);
  ASSERT_TRUE(made);
  EXPECT_EQ(read_certificate(serving())->ends, kNow + 3650 * 24h);
  EXPECT_EQ(made->renew_if_due(late + 9 * 24h), false);
}

}  // namespace
}  // namespace sallyport::app
