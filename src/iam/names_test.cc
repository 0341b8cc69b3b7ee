#include "iam/names.h"

#include <gtest/gtest.h>

namespace sallyport::iam {
namespace {

const model::AccountId kAccount("000000000000");

TEST(Names, Arns) {
  model::IamUser user;
  user.name = "ann";
  EXPECT_EQ(arn_of(kAccount, user).str(), "arn:aws:iam::000000000000:user/ann");
  user.path = "/division/team/";
  EXPECT_EQ(arn_of(kAccount, user).str(), "arn:aws:iam::000000000000:user/division/team/ann");
  model::IamRole role;
  role.name = "ops";
  role.path = "/x/";
  EXPECT_EQ(arn_of(kAccount, role).str(), "arn:aws:iam::000000000000:role/x/ops");
  EXPECT_EQ(session_arn(kAccount, role, "ann").str(), "arn:aws:sts::000000000000:assumed-role/ops/ann");
  model::IamPolicy policy;
  policy.name = "look";
  EXPECT_EQ(arn_of(kAccount, policy).str(), "arn:aws:iam::000000000000:policy/look");
}

TEST(Names, UniqueIdsHaveTheirPrefixAndDiffer) {
  base::SystemEntropy entropy;
  const std::string id = new_unique_id("AIDA", entropy);
  EXPECT_EQ(id.size(), 21U);
  EXPECT_EQ(id.substr(0, 4), "AIDA");
  EXPECT_NE(new_unique_id("AIDA", entropy), id);
}

TEST(Names, WhatIsOne) {
  EXPECT_TRUE(is_name("Ann.B+c=d,e@f-g_h", 64));
  EXPECT_FALSE(is_name("", 64));
  EXPECT_FALSE(is_name("a b", 64));
  EXPECT_FALSE(is_name("a/b", 64));
  EXPECT_FALSE(is_name("aaa", 2));
  EXPECT_TRUE(is_path("/"));
  EXPECT_TRUE(is_path("/a/b!/"));
  EXPECT_FALSE(is_path(""));
  EXPECT_FALSE(is_path("a/"));
  EXPECT_FALSE(is_path("/a"));
  EXPECT_FALSE(is_path("/a b/"));
  EXPECT_FALSE(is_path("/" + std::string(511, 'a') + "/"));
}

}  // namespace
}  // namespace sallyport::iam
