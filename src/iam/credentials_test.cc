#include "iam/credentials.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "base/test_folder.h"
#include "iam/credentials_file.h"

namespace sallyport::iam {
namespace {

const model::AccountId kAccount("000000000000");

class CredentialsFileTest : public testing::Test {
 protected:
  std::string content() const { return folder_.read("credentials"); }
  void put(const std::string& text, mode_t mode = 0600) const {
    std::ofstream(path_, std::ios::binary) << text;
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_.path()), {}));
  }

  base::SystemEntropy entropy_;
  base::TestFolder folder_;
  const std::string path_ = folder_ / "credentials";
};

TEST_F(CredentialsFileTest, FirstStartWritesAPrivateFileThatLaterStartsRead) {
  const auto first = load_or_create_root_key(path_, entropy_, kAccount);
  ASSERT_TRUE(first.has_value()) << first.error().message;
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(files(), 1U) << "a temporary file was left behind";
  EXPECT_EQ(content(),
            "[default]\naws_access_key_id = " + first->id + "\naws_secret_access_key = " + first->secret + "\n");

  const auto second = load_or_create_root_key(path_, entropy_, kAccount);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->id, first->id);
  EXPECT_EQ(second->secret, first->secret);
  EXPECT_TRUE(second->principal.is_root);
  EXPECT_EQ(second->principal.arn.str(), "arn:aws:iam::000000000000:root");
}

TEST_F(CredentialsFileTest, AFileOthersCanReadIsRefusedWithItsCure) {
  for (const mode_t mode : {0640U, 0604U, 0620U, 0601U}) {
    put("[default]\naws_access_key_id = A\naws_secret_access_key = s3cr3t\n", mode);
    const auto key = load_or_create_root_key(path_, entropy_, kAccount);
    ASSERT_FALSE(key.has_value()) << std::oct << mode;
    EXPECT_EQ(key.error().kind, base::ErrorKind::kAccessDenied);
    EXPECT_NE(key.error().message.find("chmod 600 " + path_), std::string::npos);
    EXPECT_EQ(key.error().message.find("s3cr3t"), std::string::npos);
  }
}

TEST_F(CredentialsFileTest, AnythingButARegularFileIsRefusedAndLeftAlone) {
  ASSERT_EQ(::symlink("elsewhere", path_.c_str()), 0);
  EXPECT_EQ(load_or_create_root_key(path_, entropy_, kAccount).error().kind, base::ErrorKind::kAccessDenied);
  ASSERT_EQ(::unlink(path_.c_str()), 0);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(load_or_create_root_key(path_, entropy_, kAccount).error().kind, base::ErrorKind::kAccessDenied);
}

TEST_F(CredentialsFileTest, AFileThatDoesNotParseIsNeverReplaced) {
  for (const std::string& text : std::vector<std::string>{
           "", "[default]\n", "[other]\naws_access_key_id = A\naws_secret_access_key = B\n",
           "[default]\naws_access_key_id = A\n", "[default]\naws_access_key_id =\naws_secret_access_key = B\n",
           std::string(70'000, '#')}) {
    put(text);
    const auto key = load_or_create_root_key(path_, entropy_, kAccount);
    ASSERT_FALSE(key.has_value());
    EXPECT_EQ(key.error().kind, base::ErrorKind::kCorrupt);
    EXPECT_EQ(content(), text);
  }
}

TEST_F(CredentialsFileTest, AFileEditedByHandIsRead) {
  put("# mine\n[other]\naws_access_key_id = X\n\n[default]\r\n  aws_access_key_id=AKIAEXAMPLE\nregion = x\n"
      "aws_secret_access_key\t=\ta+/b=\n[more]\naws_secret_access_key = Y");
  const auto key = load_or_create_root_key(path_, entropy_, kAccount);
  ASSERT_TRUE(key.has_value()) << key.error().message;
  EXPECT_EQ(key->id, "AKIAEXAMPLE");
  EXPECT_EQ(key->secret, "a+/b=");
}

TEST_F(CredentialsFileTest, AMissingFolderIsNamed) {
  const auto key = load_or_create_root_key(folder_ / "none/credentials", entropy_, kAccount);
  ASSERT_FALSE(key.has_value());
  EXPECT_NE(key.error().message.find("/none/credentials"), std::string::npos);
}

TEST_F(CredentialsFileTest, ProcessesThatStartTogetherAgreeOnOneKey) {
  std::vector<std::string> ids(8);
  std::vector<std::thread> threads;
  for (std::string& id : ids) {
    threads.emplace_back([&] {
      const auto key = load_or_create_root_key(path_, entropy_, kAccount);
      if (key) id = key->id;
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_FALSE(ids.front().empty());
  EXPECT_TRUE(std::ranges::all_of(ids, [&](const std::string& id) { return id == ids.front(); }));
  EXPECT_EQ(files(), 1U);
}

TEST(AccessKeys, HaveTheShapeOfAws) {
  base::SystemEntropy entropy;
  const AccessKey key = make_access_key(entropy, root_principal(kAccount));
  EXPECT_EQ(key.id.size(), 20U);
  EXPECT_EQ(key.id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), std::string::npos);
  EXPECT_EQ(key.id.substr(0, 4), "AKIA");
  EXPECT_EQ(key.secret.size(), 40U);
  const AccessKey other = make_access_key(entropy, root_principal(kAccount));
  EXPECT_NE(other.id, key.id);
  EXPECT_NE(other.secret, key.secret);
}

TEST(CredentialStore, FindsWhatWasPutLast) {
  CredentialStore store;
  EXPECT_FALSE(store.find("AKIA1").has_value());
  store.put({.id = "AKIA1", .secret = "one", .principal = root_principal(kAccount)});
  store.put({.id = "AKIA1", .secret = "two", .principal = root_principal(kAccount)});
  EXPECT_EQ(store.find("AKIA1")->secret, "two");
  EXPECT_FALSE(store.find("akia1").has_value());
}

}  // namespace
}  // namespace sallyport::iam
