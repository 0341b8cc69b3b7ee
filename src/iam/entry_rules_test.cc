#include "iam/entry_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/limits.h"
#include "iam/entry_policies.h"

namespace sallyport::iam {
namespace {

using base::ErrorKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = EntryPrincipal::Kind;

const model::AccountId kAccount("000000000000");
const model::ClusterName kCluster("demo");
const base::Time kNow{base::Millis(1'764'000'000'000)};

std::string group_refusal(const std::vector<std::string>& groups) {
  const auto checked = check_entry_groups(groups);
  if (checked) return "accepted";
  EXPECT_EQ(checked.error().kind, ErrorKind::kInvalidParameter);
  return checked.error().message;
}

std::string name_refusal(const std::string& username, Kind kind = Kind::kRole) {
  const auto checked = check_entry_username(username, kind);
  if (checked) return "accepted";
  EXPECT_EQ(checked.error().kind, ErrorKind::kInvalidParameter);
  EXPECT_EQ(checked.error().field, "username");
  return checked.error().message;
}

EntryPrincipal principal(Kind kind, const std::string& arn, const std::string& id, const std::string& name) {
  return {.kind = kind, .arn = model::Arn(arn), .id = id, .name = name, .path = "/"};
}
const EntryPrincipal kRoot = principal(Kind::kRoot, "arn:aws:iam::000000000000:root", "", "root");
const EntryPrincipal kAnn = principal(Kind::kUser, "arn:aws:iam::000000000000:user/ops/ann", "AIDA1", "ann");
const EntryPrincipal kDev = principal(Kind::kRole, "arn:aws:iam::000000000000:role/a/dev", "AROA1", "dev");

model::AccessEntry made(const EntryPrincipal& whom, const std::string& type = "STANDARD") {
  return new_access_entry(kCluster, whom, kAccount, type, "uuid", kNow).value();
}

TEST(EntryGroups, AreNotThoseThatKubernetesAndEksKeep) {
  EXPECT_EQ(group_refusal({}), "accepted");
  EXPECT_EQ(group_refusal({"viewers", "ops:admins", "a b", "System:masters", "my-system:x"}), "accepted");
  EXPECT_THAT(group_refusal({"viewers", "system:masters"}),
              HasSubstr("The kubernetes group name system:masters is invalid, it cannot start with system:"));
  for (const std::string start : {"system:", "eks:", "aws:", "amazon:", "iam:"}) {
    EXPECT_THAT(group_refusal({start}), HasSubstr("cannot start with " + start));
    EXPECT_THAT(name_refusal(start + "x"), HasSubstr("must not begin with " + start));
  }
  EXPECT_THAT(group_refusal({""}), HasSubstr("is empty"));
  EXPECT_THAT(group_refusal({"a\nb"}), HasSubstr("control characters"));
  EXPECT_THAT(group_refusal({"a", "a"}), HasSubstr("repeats a"));
}

TEST(EntryGroups, HaveLimits) {
  EXPECT_EQ(group_refusal({std::string(base::limits::kKubernetesGroupBytes, 'g')}), "accepted");
  EXPECT_THAT(group_refusal({std::string(base::limits::kKubernetesGroupBytes + 1, 'g')}), HasSubstr("longer than 256"));
  std::vector<std::string> many;
  for (std::size_t i = 0; i <= base::limits::kGroupsPerAccessEntry; ++i)
    many.push_back("g" + std::to_string(i));
  EXPECT_THAT(group_refusal(many), HasSubstr("has 101 entries; at most 100 are allowed"));
}

TEST(EntryUsername, SessionsComeAfterAColon) {
  for (const char* good :
       {"dev", ":dev{{SessionName}}", "jo:hn{{SessionName}}", "dev:{{SessionNameRaw}}", "{{AccountID}}:{{SessionName}}",
        "arn:aws:sts::000000000000:assumed-role/dev/{{SessionName}}", "{{AccountID}}", "{dev}"}) {
    EXPECT_EQ(name_refusal(good), "accepted") << good;
  }
  EXPECT_THAT(name_refusal("john{{SessionName}}"), HasSubstr("must have a colon before {{SessionName}}"));
  EXPECT_THAT(name_refusal("{{SessionNameRaw}}:x"), HasSubstr("must have a colon before {{SessionNameRaw}}"));
  EXPECT_THAT(name_refusal("a:{{EC2PrivateDNSName}}"), HasSubstr("stands for nothing"));
  EXPECT_THAT(name_refusal("a:{{{SessionName}}"), HasSubstr("stands for nothing"));
  EXPECT_THAT(name_refusal("a:{{SessionName"), HasSubstr("stands for nothing"));
  EXPECT_THAT(name_refusal("a:{{sessionname}}"), HasSubstr("stands for nothing"));
}

TEST(EntryUsername, OnlyRolesHaveSessions) {
  EXPECT_THAT(name_refusal("a:{{SessionName}}", Kind::kUser), HasSubstr("only roles have sessions"));
  EXPECT_THAT(name_refusal("a:{{SessionName}}", Kind::kRoot), HasSubstr("only roles have sessions"));
  EXPECT_EQ(name_refusal("ann@{{AccountID}}", Kind::kUser), "accepted");
}

TEST(EntryUsername, IsATextOfLimitedLength) {
  EXPECT_THAT(name_refusal(""), HasSubstr("is empty"));
  EXPECT_THAT(name_refusal("a\x7f"), HasSubstr("control characters"));
  EXPECT_EQ(name_refusal(std::string(base::limits::kKubernetesUsernameBytes, 'u')), "accepted");
  EXPECT_THAT(name_refusal(std::string(base::limits::kKubernetesUsernameBytes + 1, 'u')),
              HasSubstr("longer than 1024"));
}

// Whatever the name is made of, what stands before a session is never one of the reserved names, nor empty of colons.
RC_GTEST_PROP(EntryUsername, NoSessionNamesItself, ()) {
  static const std::vector<std::string> pieces = {
      "{{SessionName}}", "{{SessionNameRaw}}", "{{AccountID}}", "{{", "}}", ":", "system", "a", "{"};
  std::string name;
  for (const std::string& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)))
    name += piece;
  if (!check_entry_username(name, Kind::kRole)) return;
  const std::size_t session = name.find("{{Session");
  RC_ASSERT(!name.starts_with("system:"));
  if (session != std::string::npos) RC_ASSERT(name.substr(0, session).find(':') != std::string::npos);
}

TEST(NewEntry, HasTheNameThatEksGives) {
  EXPECT_EQ(made(kRoot).username, "arn:aws:iam::000000000000:root");
  EXPECT_EQ(made(kAnn).username, "arn:aws:iam::000000000000:user/ops/ann");
  EXPECT_EQ(made(kDev).username, "arn:aws:sts::000000000000:assumed-role/dev/{{SessionName}}") << "without the path";
  const model::AccessEntry entry = made(kDev);
  EXPECT_EQ(entry.id.str(), "demo/arn:aws:iam::000000000000:role/a/dev");
  EXPECT_EQ(entry.principal, kDev.arn);
  EXPECT_EQ(entry.principal_id, "AROA1");
  EXPECT_EQ(entry.type, "STANDARD");
  EXPECT_THAT(entry.groups, IsEmpty());
  EXPECT_THAT(entry.policies, IsEmpty());
  EXPECT_EQ(entry.created_at, kNow);
  EXPECT_EQ(entry.modified_at, kNow);
}

TEST(NewEntry, ThoseOfNodesAreForRoles) {
  struct Row {
    const char* type;
    const char* username;
    std::vector<std::string> groups;
  };
  for (const Row& row : std::vector<Row>{
           {"EC2_LINUX", "system:node:{{EC2PrivateDNSName}}", {"system:nodes"}},
           {"EC2_WINDOWS", "system:node:{{EC2PrivateDNSName}}", {"system:nodes", "eks:kube-proxy-windows"}},
           {"EC2", "system:node:{{EC2PrivateDNSName}}", {"system:nodes"}},
           {"FARGATE_LINUX",
            "system:node:{{SessionName}}",
            {"system:bootstrappers", "system:nodes", "system:node-proxier"}},
           {"HYBRID_LINUX", "system:node:{{SessionName}}", {"system:nodes"}},
           {"HYPERPOD_LINUX", "system:node:{{SessionName}}", {"system:nodes"}},
       }) {
    EXPECT_TRUE(is_entry_type(row.type));
    EXPECT_THAT(entry_types(), HasSubstr(row.type));
    const model::AccessEntry entry = made(kDev, row.type);
    EXPECT_EQ(entry.type, row.type);
    EXPECT_EQ(entry.username, row.username);
    EXPECT_EQ(entry.groups, row.groups);
    for (const EntryPrincipal& other : {kAnn, kRoot}) {
      EXPECT_EQ(new_access_entry(kCluster, other, kAccount, row.type, "uuid", kNow).error().field, "principalArn");
    }
  }
  EXPECT_FALSE(is_entry_type("standard"));
  EXPECT_FALSE(is_entry_type(""));
}

TEST(NewEntry, OfTheCreatorAdministersTheCluster) {
  const model::AccessEntry entry = creator_access_entry(kCluster, kDev, kAccount, "uuid", kNow);
  EXPECT_THAT(entry.policies,
              ElementsAre(model::AssociatedAccessPolicy{.policy = entry_policy_arn("AmazonEKSClusterAdminPolicy"),
                                                        .scope = {.whole_cluster = true, .namespaces = {}},
                                                        .associated_at = kNow,
                                                        .modified_at = kNow}));
  EXPECT_EQ(entry.type, "STANDARD");
  EXPECT_EQ(entry.principal_id, "AROA1");
}

}  // namespace
}  // namespace sallyport::iam
