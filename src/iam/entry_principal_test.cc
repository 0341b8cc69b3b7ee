#include "iam/entry_principal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace sallyport::iam {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Kind = EntryPrincipal::Kind;

const model::AccountId kAccount("000000000000");

class EntryPrincipals : public testing::Test {
 protected:
  EntryPrincipals() {
    put<model::IamUser>("AIDA1", "ann", "/");
    put<model::IamUser>("AIDA2", "bob", "/ops/");
    put<model::IamRole>("AROA1", "dev", "/");
    put<model::IamRole>("AROA2", "deep", "/a/b/");
    put<model::IamRole>("AROA3", "linked", "/aws-service-role/eks.amazonaws.com/");
  }
  template <class T>
  void put(const std::string& id, const std::string& name, const std::string& path) {
    T one;
    one.id = decltype(T::id)(id);
    one.name = name;
    one.path = path;
    std::get<model::Table<T>>(identities_)[one.id] = std::make_shared<const T>(one);
  }
  base::Result<EntryPrincipal> find(const std::string& arn) {
    return find_entry_principal(identities_, kAccount, model::Arn(arn));
  }
  model::IdentityObjects identities_;
};

TEST_F(EntryPrincipals, AreUsersRolesAndRootByTheirWholeArn) {
  struct Row {
    const char* arn;
    Kind kind;
    const char* id;
    const char* name;
  };
  for (const Row& row : std::vector<Row>{
           {"arn:aws:iam::000000000000:root", Kind::kRoot, "", "root"},
           {"arn:aws:iam::000000000000:user/ann", Kind::kUser, "AIDA1", "ann"},
           {"arn:aws:iam::000000000000:user/ops/bob", Kind::kUser, "AIDA2", "bob"},
           {"arn:aws:iam::000000000000:role/dev", Kind::kRole, "AROA1", "dev"},
           {"arn:aws:iam::000000000000:role/a/b/deep", Kind::kRole, "AROA2", "deep"},
       }) {
    const auto found = find(row.arn);
    ASSERT_TRUE(found) << row.arn << found.error().message;
    EXPECT_EQ(found->kind, row.kind);
    EXPECT_EQ(found->arn.str(), row.arn);
    EXPECT_EQ(found->id, row.id);
    EXPECT_EQ(found->name, row.name);
    EXPECT_EQ(entry_principal_of_id(identities_, kAccount, row.id), *found) << "by id it is the same";
  }
}

TEST_F(EntryPrincipals, NobodyElseIs) {
  for (const char* arn : {"", "ann", "arn:aws:iam::000000000000:user/eve", "arn:aws:iam::000000000000:user/bob",
                          "arn:aws:iam::000000000000:user/ANN", "arn:aws:iam::000000000000:role/ann",
                          "arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:user/ann",
                          "arn:aws:iam::000000000000:user/ann ", "arn:aws:iam::000000000000:policy/ann",
                          "arn:aws:iam::000000000000:role/aws-service-role/eks.amazonaws.com/linked"}) {
    const auto found = find(arn);
    ASSERT_FALSE(found) << arn;
    EXPECT_EQ(found.error().kind, base::ErrorKind::kInvalidParameter);
    EXPECT_EQ(found.error().field, "principalArn");
    EXPECT_THAT(found.error().message, StartsWith("The specified principalArn is invalid: invalid principal."));
  }
  EXPECT_EQ(entry_principal_of_id(identities_, kAccount, "AIDA9"), std::nullopt);
}

TEST_F(EntryPrincipals, ASessionIsToldToNameItsRole) {
  EXPECT_THAT(find("arn:aws:sts::000000000000:assumed-role/dev/ann").error().message,
              HasSubstr("name its role, such as arn:aws:iam::000000000000:role/dev"));
}

}  // namespace
}  // namespace sallyport::iam
