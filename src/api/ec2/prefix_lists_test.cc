#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/ec2/ec2_fixture.h"
#include "base/limits.h"

namespace sallyport::api::ec2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;

class PrefixLists : public testing::Test {
 protected:
  Ec2Answer create(wire::Pairs changes = {}) {
    std::map<std::string, std::string> parameters = {
        {"PrefixListName", "corp"},      {"AddressFamily", "IPv4"},         {"MaxEntries", "3"},
        {"Entry.1.Cidr", "10.2.0.0/16"}, {"Entry.1.Description", "second"}, {"Entry.2.Cidr", "10.1.0.0/16"}};
    for (const auto& [name, value] : changes)
      parameters[name] = value;
    return ec2_.call("CreateManagedPrefixList", {parameters.begin(), parameters.end()});
  }
  Ec2Answer modify(wire::Pairs parameters) {
    parameters.emplace_back("PrefixListId", list_);
    return ec2_.call("ModifyManagedPrefixList", std::move(parameters));
  }
  std::vector<std::string> blocks() {
    return ec2_.call("GetManagedPrefixListEntries", {{"PrefixListId", list_}}).texts("cidr");
  }
  void use(const std::string& group) {
    ec2_.made("AuthorizeSecurityGroupIngress", "return",
              {{"GroupId", group},
               {"IpPermissions.1.IpProtocol", "-1"},
               {"IpPermissions.1.PrefixListIds.1.PrefixListId", list_}});
  }

  Ec2World ec2_;
  const std::string home_ = ec2_.add_default_vpc();
  const std::string list_ = create().text("prefixListId");
};

TEST_F(PrefixLists, OneIsMadeAndDescribed) {
  EXPECT_THAT(list_, MatchesRegex("pl-[0-9a-f]{17}"));
  const Ec2Answer described = ec2_.call("DescribeManagedPrefixLists", {{"PrefixListId.1", list_}, {"MaxResults", "1"}});
  EXPECT_EQ(described.text("state"), "create-complete");
  EXPECT_EQ(described.text("version"), "1");
  EXPECT_EQ(described.text("maxEntries"), "3");
  EXPECT_EQ(described.text("prefixListArn"), "arn:aws:ec2:us-east-1:000000000000:prefix-list/" + list_);
  EXPECT_THAT(blocks(), ElementsAre("10.1.0.0/16", "10.2.0.0/16"));
  const Ec2Answer plain =
      ec2_.call("DescribePrefixLists", {{"Filter.1.Name", "prefix-list-name"}, {"Filter.1.Value.1", "c*"}});
  EXPECT_EQ(plain.text("cidrSet"), "<item>10.1.0.0/16</item><item>10.2.0.0/16</item>");
  EXPECT_EQ(ec2_.call("DescribeManagedPrefixLists", {{"PrefixListId.1", "pl-none"}}).code(),
            "InvalidPrefixListID.NotFound");
}

TEST_F(PrefixLists, BadFieldsAreNamed) {
  const auto refusal = [&](const std::string& name, const std::string& value) {
    const Ec2Answer answer = create({{name, value}});
    EXPECT_THAT(answer.message(), HasSubstr(name)) << answer.code();
    return answer.code();
  };
  EXPECT_EQ(refusal("PrefixListName", ""), "MissingParameter");
  EXPECT_EQ(refusal("PrefixListName", "com.amazonaws.us-east-1.s3"), "InvalidParameterValue");
  EXPECT_EQ(refusal("PrefixListName", std::string(256, 'n')), "InvalidParameterValue");
  EXPECT_EQ(refusal("AddressFamily", "ipv5"), "InvalidParameterValue");
  EXPECT_EQ(refusal("MaxEntries", "0"), "InvalidParameterValue");
  EXPECT_EQ(refusal("MaxEntries", "1001"), "InvalidParameterValue");
  EXPECT_EQ(refusal("Entry.2.Cidr", "2001:db8::/32"), "InvalidParameterValue");
  EXPECT_EQ(refusal("Entry.2.Cidr", "10.2.0.0/16"), "InvalidParameterValue") << "given twice";
  EXPECT_EQ(refusal("Entry.2.Cidr", "10.2.0.1/16"), "InvalidParameterValue") << "host bits";
  EXPECT_EQ(refusal("Entry.2.Description", std::string(256, 'd')), "InvalidParameterValue");
  EXPECT_EQ(create({{"MaxEntries", "1"}}).code(), "PrefixListMaxEntriesExceeded");
  EXPECT_EQ(create({{"Surprise", "1"}}).code(), "UnknownParameter");
}

// Lists hold blocks only, so they cannot refer to each other, and no cycle can be made.
TEST_F(PrefixLists, AListCannotHoldAnother) {
  const Ec2Answer made = create({{"Entry.2.Cidr", list_}});
  EXPECT_EQ(made.code(), "InvalidParameterValue");
  EXPECT_THAT(made.message(), HasSubstr("Entry.2.Cidr"));
  EXPECT_THAT(made.message(), HasSubstr("cannot hold another"));
  const Ec2Answer added = modify({{"AddEntry.1.Cidr", list_}});
  EXPECT_EQ(added.code(), "InvalidParameterValue");
  EXPECT_THAT(added.message(), HasSubstr("AddEntry.1.Cidr"));
}

TEST_F(PrefixLists, ATokenMakesOneList) {
  const std::string made = create({{"ClientToken", "t"}}).text("prefixListId");
  EXPECT_EQ(create({{"ClientToken", "t"}}).text("prefixListId"), made);
  EXPECT_EQ(create({{"ClientToken", "t"}, {"PrefixListName", "other"}}).code(), "IdempotentParameterMismatch");
}

TEST_F(PrefixLists, EntriesComeAndGoWithAVersion) {
  const Ec2Answer changed = modify({{"CurrentVersion", "1"},
                                    {"AddEntry.1.Cidr", "10.3.0.0/16"},
                                    {"AddEntry.2.Cidr", "10.2.0.0/16"},
                                    {"AddEntry.2.Description", "reworded"},
                                    {"RemoveEntry.1.Cidr", "10.1.0.0/16"}});
  ASSERT_TRUE(changed.ok()) << changed.message();
  EXPECT_EQ(changed.text("version"), "2");
  EXPECT_EQ(changed.text("state"), "modify-complete");
  EXPECT_THAT(blocks(), ElementsAre("10.2.0.0/16", "10.3.0.0/16"));
  EXPECT_EQ(modify({{"CurrentVersion", "1"}, {"AddEntry.1.Cidr", "10.4.0.0/16"}}).code(), "PrefixListVersionMismatch");
  EXPECT_EQ(modify({{"RemoveEntry.1.Cidr", "10.1.0.0/16"}}).code(), "InvalidPrefixListModification");
  EXPECT_EQ(modify({{"AddEntry.1.Cidr", "10.2.0.0/16"}, {"AddEntry.1.Description", "reworded"}}).code(),
            "InvalidPrefixListModification");
  EXPECT_EQ(modify({{"AddEntry.1.Cidr", "10.4.0.0/16"}, {"AddEntry.2.Cidr", "10.5.0.0/16"}}).code(),
            "PrefixListMaxEntriesExceeded");
  EXPECT_EQ(modify({{"AddEntry.1.Cidr", "10.4.0.0/16"}, {"MaxEntries", "9"}}).code(), "InvalidParameterCombination");
  EXPECT_EQ(modify({}).code(), "MissingParameter");
  EXPECT_EQ(ec2_.call("GetManagedPrefixListEntries", {{"PrefixListId", list_}, {"TargetVersion", "1"}}).code(),
            "InvalidParameterValue");
}

TEST_F(PrefixLists, NameAndSizeChangeWithoutAVersion) {
  const Ec2Answer renamed = modify({{"PrefixListName", "renamed"}, {"MaxEntries", "9"}});
  EXPECT_EQ(renamed.text("prefixListName"), "renamed");
  EXPECT_EQ(renamed.text("maxEntries"), "9");
  EXPECT_EQ(renamed.text("version"), "1");
  EXPECT_EQ(renamed.text("state"), "modify-complete");
  EXPECT_EQ(modify({{"MaxEntries", "1"}}).code(), "InvalidParameterValue") << "it has two entries";
}

TEST_F(PrefixLists, OneGrowsOnlyAsFarAsItsGroupsHaveRoom) {
  const std::string group = ec2_.default_group(home_);
  use(group);
  EXPECT_TRUE(modify({{"MaxEntries", "999"}}).ok());
  const Ec2Answer refused = modify({{"MaxEntries", "1000"}});
  EXPECT_EQ(refused.code(), "RulesPerSecurityGroupLimitExceeded");
  EXPECT_THAT(refused.message(), HasSubstr(group));
}

TEST_F(PrefixLists, WhatARuleRefersToIsNotDeleted) {
  const std::string group = ec2_.default_group(home_);
  use(group);
  const Ec2Answer refused = ec2_.call("DeleteManagedPrefixList", {{"PrefixListId", list_}});
  EXPECT_EQ(refused.code(), "DependencyViolation");
  EXPECT_THAT(refused.message(), HasSubstr(group));
  ec2_.made("RevokeSecurityGroupIngress", "return",
            {{"GroupId", group},
             {"IpPermissions.1.IpProtocol", "-1"},
             {"IpPermissions.1.PrefixListIds.1.PrefixListId", list_}});
  EXPECT_EQ(ec2_.call("DeleteManagedPrefixList", {{"PrefixListId", list_}}).text("state"), "delete-in-progress");
  EXPECT_EQ(ec2_.call("DeleteManagedPrefixList", {{"PrefixListId", list_}}).code(), "InvalidPrefixListID.NotFound");
}

TEST_F(PrefixLists, EntriesComePageByPage) {
  ASSERT_TRUE(modify({{"AddEntry.1.Cidr", "10.0.0.0/8"}}).ok());
  std::vector<std::string> seen;
  std::string token;
  do {
    const Ec2Answer page =
        ec2_.call("GetManagedPrefixListEntries", {{"PrefixListId", list_}, {"MaxResults", "1"}, {"NextToken", token}});
    ASSERT_TRUE(page.ok()) << page.message();
    for (const std::string& block : page.texts("cidr"))
      seen.push_back(block);
    token = page.text("nextToken");
  } while (!token.empty());
  EXPECT_THAT(seen, ElementsAre("10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16"));
  EXPECT_EQ(ec2_.call("GetManagedPrefixListEntries", {{"PrefixListId", list_}, {"NextToken", "made up"}}).code(),
            "InvalidNextToken");
}

}  // namespace
}  // namespace sallyport::api::ec2
