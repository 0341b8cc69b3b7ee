#include "api/eks/parse_update.h"

#include <gtest/gtest.h>

namespace sallyport::api::eks {
namespace {

const model::ClusterName kName("prod");

template <class Change>
Change change_of(std::string_view text) {
  const auto request = parse_update_cluster(kName, text);
  EXPECT_TRUE(request) << (request ? "" : request.error().message);
  EXPECT_EQ(request->cluster, kName);
  return std::get<Change>(request->change);
}

std::string refusal(std::string_view text) {
  const auto request = parse_update_cluster(kName, text);
  if (request) return "accepted";
  EXPECT_EQ(request.error().kind, base::ErrorKind::kInvalidParameter);
  return request.error().message;
}

TEST(ParseUpdate, EndpointAccessKeepsWhatIsNotGiven) {
  const auto seed = change_of<control::UpdateAccessRequest>(
      R"({"resourcesVpcConfig":{"endpointPublicAccess":true,"publicAccessCidrs":["203.0.113.5/32"],"endpointPrivateAccess":true},"clientRequestToken":"t"})");
  EXPECT_EQ(seed.endpoint_public_access, true);
  EXPECT_EQ(seed.endpoint_private_access, true);
  ASSERT_EQ(seed.public_access_cidrs->size(), 1U);
  EXPECT_EQ(seed.public_access_cidrs->front().to_string(), "203.0.113.5/32");

  const auto one = change_of<control::UpdateAccessRequest>(R"({"resourcesVpcConfig":{"endpointPrivateAccess":false}})");
  EXPECT_FALSE(one.endpoint_public_access);
  EXPECT_EQ(one.endpoint_private_access, false);
  EXPECT_FALSE(one.public_access_cidrs);
}

TEST(ParseUpdate, OtherCategories) {
  const auto network = change_of<control::UpdateVpcRequest>(R"({"resourcesVpcConfig":{"securityGroupIds":[]}})");
  EXPECT_FALSE(network.subnets);
  EXPECT_TRUE(network.security_groups->empty());

  const auto logging = change_of<control::UpdateLoggingRequest>(
      R"({"logging":{"clusterLogging":[{"types":["api"],"enabled":true},{"types":["audit"],"enabled":false}]}})");
  EXPECT_EQ(logging.enabled,
            (std::map<model::LogType, bool>{{model::LogType::kApi, true}, {model::LogType::kAudit, false}}));

  EXPECT_FALSE(change_of<control::UpdateDeletionProtectionRequest>(R"({"deletionProtection":false})").enabled);
  EXPECT_TRUE(
      change_of<control::UpdateDeletionProtectionRequest>(R"({"deletionProtection":true,"logging":null})").enabled);
}

TEST(ParseUpdate, TheAuthenticationMode) {
  EXPECT_EQ(
      change_of<control::UpdateAuthenticationModeRequest>(R"({"accessConfig":{"authenticationMode":"API"}})").mode,
      model::AuthenticationMode::kApi);
  EXPECT_EQ(refusal(R"({"accessConfig":{"authenticationMode":"IAM"}})"),
            "accessConfig.authenticationMode must be API, API_AND_CONFIG_MAP or CONFIG_MAP, is \"IAM\"");
  EXPECT_EQ(refusal(R"({"accessConfig":{"bootstrapClusterCreatorAdminPermissions":true}})"),
            "accessConfig.bootstrapClusterCreatorAdminPermissions is for the creation of a cluster; leave it out");
  EXPECT_EQ(refusal(R"({"accessConfig":{"authenticationMode":"API"},"deletionProtection":true})"),
            "An update changes one thing, but this request changes deletion protection and the authentication mode; "
            "send one request for each");
  EXPECT_EQ(refusal(R"({"accessConfig":{}})").substr(0, 28), "The request changes nothing:");
}

TEST(ParseUpdate, ExactlyOneCategory) {
  const std::string one = "An update changes one thing, but this request changes ";
  EXPECT_EQ(refusal(R"({"resourcesVpcConfig":{"endpointPublicAccess":true,"subnetIds":["subnet-a","subnet-b"]}})"),
            one + "endpoint access and subnets and security groups; send one request for each");
  EXPECT_EQ(refusal(R"({"resourcesVpcConfig":{"endpointPublicAccess":true,"securityGroupIds":["sg-a"]}})"),
            one + "endpoint access and subnets and security groups; send one request for each");
  EXPECT_EQ(
      refusal(
          R"({"resourcesVpcConfig":{"endpointPublicAccess":true},"logging":{"clusterLogging":[{"types":["api"],"enabled":true}]}})"),
      one + "endpoint access and logging; send one request for each");
  EXPECT_EQ(refusal(R"({"resourcesVpcConfig":{"endpointPublicAccess":true},"deletionProtection":true})"),
            one + "endpoint access and deletion protection; send one request for each");
  for (const char* nothing : {"{}", R"({"resourcesVpcConfig":{}})", R"({"clientRequestToken":"t"})"}) {
    EXPECT_EQ(
        refusal(nothing),
        "The request changes nothing: give endpoint access, or subnets and security groups, in resourcesVpcConfig, "
        "or logging, or deletionProtection, or accessConfig.authenticationMode");
  }
}

TEST(ParseUpdate, RefusesWhatSallyportCannotChange) {
  for (const char* name : {"upgradePolicy", "zonalShiftConfig", "computeConfig", "kubernetesNetworkConfig",
                           "storageConfig", "remoteNetworkConfig", "controlPlaneScalingConfig"}) {
    EXPECT_EQ(refusal("{\"deletionProtection\":true,\"" + std::string(name) + "\":{}}"),
              std::string(name) + " cannot be updated: Sallyport does not support it; leave it out");
  }
  EXPECT_EQ(
      refusal(R"({"name":"x"})"),
      "name is not a known member; the members here are: resourcesVpcConfig, logging, deletionProtection, "
      "accessConfig, clientRequestToken, upgradePolicy, zonalShiftConfig, computeConfig, kubernetesNetworkConfig, "
      "storageConfig, remoteNetworkConfig, controlPlaneScalingConfig");
}

TEST(ParseUpdate, ValidatesAsCreateDoes) {
  EXPECT_EQ(
      refusal(R"({"resourcesVpcConfig":{"publicAccessCidrs":["0.0.0.0/33"]}})"),
      "resourcesVpcConfig.publicAccessCidrs[0] is not valid: CIDR block '0.0.0.0/33' has a prefix length over 32");
  EXPECT_EQ(
      refusal(R"({"resourcesVpcConfig":{"endpointPublicAccess":false,"endpointPrivateAccess":false}})").substr(0, 84),
      "resourcesVpcConfig.endpointPrivateAccess and endpointPublicAccess cannot both be fal");
  EXPECT_EQ(refusal(R"({"logging":{"clusterLogging":[]}})"),
            "logging.clusterLogging names no log type; name at least one");
  EXPECT_EQ(refusal(R"({"resourcesVpcConfig":[]})"), "resourcesVpcConfig must be an object, is a list");
  EXPECT_EQ(parse_update_cluster(kName, "").error().kind, base::ErrorKind::kCorrupt);
}

TEST(ParseUpdate, TheHashCoversTheCluster) {
  const char* text = R"({"deletionProtection":true})";
  EXPECT_EQ(parse_update_cluster(kName, text)->request_hash, parse_update_cluster(kName, text)->request_hash);
  EXPECT_NE(parse_update_cluster(kName, text)->request_hash,
            parse_update_cluster(model::ClusterName("other"), text)->request_hash);
}

}  // namespace
}  // namespace sallyport::api::eks
