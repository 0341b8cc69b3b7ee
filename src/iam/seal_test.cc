#include "iam/seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/test_folder.h"

namespace sallyport::iam {
namespace {

using testing::HasSubstr;
using testing::Not;

wire::AeadKey key_of(std::uint8_t byte) {
  wire::AeadKey key{};
  key.fill(byte);
  return key;
}

TEST(Sealer, OpensItsOwnForTheSamePurpose) {
  base::SystemEntropy entropy;
  const Sealer sealer(key_of(7), entropy);
  const std::string sealed = sealer.seal("wJalrXUtnFEMI", "access-key AKIA1");
  EXPECT_THAT(sealed, Not(HasSubstr("wJalr")));
  EXPECT_EQ(sealer.open(sealed, "access-key AKIA1"), "wJalrXUtnFEMI");
  EXPECT_FALSE(sealer.open(sealed, "access-key AKIA2"));
  EXPECT_FALSE(Sealer(key_of(8), entropy).open(sealed, "access-key AKIA1"));
  EXPECT_NE(sealer.seal("wJalrXUtnFEMI", "access-key AKIA1"), sealed) << "a nonce is used once";
  for (const char* noise : {"", "A", "AAAA", "not base64!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    EXPECT_FALSE(sealer.open(noise, "access-key AKIA1")) << noise;
}

class SealKeyFile : public testing::Test {
 protected:
  base::SystemEntropy entropy_;
  base::TestFolder folder_;
  const std::string path_ = folder_ / "secrets.key";
};

TEST_F(SealKeyFile, IsMadeOnceForThisUserAlone) {
  const auto made = load_or_create_seal_key(path_, entropy_);
  ASSERT_TRUE(made) << made.error().message;
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(load_or_create_seal_key(path_, entropy_).value(), *made);
}

TEST_F(SealKeyFile, ThatOthersMayReadIsRefused) {
  ASSERT_TRUE(load_or_create_seal_key(path_, entropy_));
  ASSERT_EQ(::chmod(path_.c_str(), 0640), 0);
  const auto refused = load_or_create_seal_key(path_, entropy_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("chmod 600 " + path_));
}

TEST_F(SealKeyFile, ThatIsNoKeyIsRefusedAndKept) {
  std::ofstream(path_) << "c2hvcnQ=\n";
  ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  const auto refused = load_or_create_seal_key(path_, entropy_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kCorrupt);
  EXPECT_THAT(refused.error().message, HasSubstr("backup"));
  EXPECT_TRUE(std::filesystem::exists(path_));
}

}  // namespace
}  // namespace sallyport::iam
