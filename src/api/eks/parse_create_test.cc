#include "api/eks/parse_create.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/limits.h"

namespace sallyport::api::eks {
namespace {

constexpr const char* kVpc = R"("resourcesVpcConfig":{"subnetIds":["subnet-a","subnet-b"]})";

// A well-formed request with `more` members after name and role; `vpc` replaces its resourcesVpcConfig.
std::string body(const std::string& more = "", const std::string& vpc = kVpc) {
  return R"({"name":"prod","roleArn":"arn:aws:iam::000000000000:role/eks")" + (vpc.empty() ? "" : "," + vpc) +
         (more.empty() ? "" : "," + more) + "}";
}

std::string vpc_with(const std::string& more) {
  return R"("resourcesVpcConfig":{"subnetIds":["subnet-a","subnet-b"],)" + more + "}";
}

std::string refusal(const std::string& text) {
  const auto request = parse_create_cluster(text);
  if (request) return "accepted";
  EXPECT_EQ(request.error().kind, base::ErrorKind::kInvalidParameter) << text;
  return request.error().message;
}

std::string list_of(std::size_t count, const auto& element) {
  std::string list = "[";
  for (std::size_t i = 0; i < count; ++i)
    list += (i == 0 ? "\"" : ",\"") + element(i) + "\"";
  return list + "]";
}

TEST(ParseCreate, TakesTheLeastRequest) {
  const auto request = parse_create_cluster(body());
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->name.str(), "prod");
  EXPECT_EQ(request->role_arn.str(), "arn:aws:iam::000000000000:role/eks");
  EXPECT_EQ(request->subnets, (std::vector{model::SubnetId("subnet-a"), model::SubnetId("subnet-b")}));
  EXPECT_TRUE(request->security_groups.empty());
  EXPECT_FALSE(request->version);
  EXPECT_FALSE(request->endpoint_public_access);
  EXPECT_FALSE(request->endpoint_private_access);
  EXPECT_FALSE(request->public_access_cidrs);
  EXPECT_FALSE(request->deletion_protection);
  EXPECT_TRUE(request->client_request_token.empty());
  EXPECT_EQ(request->request_hash.size(), 64U);
}

TEST(ParseCreate, TakesEverythingItOffers) {
  const auto request = parse_create_cluster(R"({
    "name":"a_B-9","version":"1.34","roleArn":"arn:aws-cn:iam::123456789012:role/path/to/eks+role",
    "resourcesVpcConfig":{"subnetIds":["subnet-1","subnet-2","subnet-3"],"securityGroupIds":["sg-1","sg-2"],
      "endpointPublicAccess":true,"endpointPrivateAccess":true,"publicAccessCidrs":["203.0.113.5/32","2001:db8::/32"]},
    "kubernetesNetworkConfig":{"serviceIpv4Cidr":"172.20.0.0/16","ipFamily":"ipv4","elasticLoadBalancing":{"enabled":false}},
    "logging":{"clusterLogging":[{"types":["scheduler","api"],"enabled":true},{"types":["audit"],"enabled":false}]},
    "accessConfig":{"bootstrapClusterCreatorAdminPermissions":false,"authenticationMode":"API"},
    "upgradePolicy":{"supportType":"STANDARD"},"deletionProtection":true,
    "tags":{"team":"platform","sallyport.dev/pool":"prod"},"clientRequestToken":"token-1"})");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->version, "1.34");
  EXPECT_EQ(request->security_groups.size(), 2U);
  EXPECT_EQ(request->endpoint_public_access, true);
  EXPECT_EQ(request->endpoint_private_access, true);
  EXPECT_EQ(request->public_access_cidrs->at(1).to_string(), "2001:db8::/32");
  EXPECT_EQ(request->service_ipv4_cidr, "172.20.0.0/16");
  EXPECT_EQ(request->enabled_logs, (std::vector{model::LogType::kApi, model::LogType::kScheduler}));
  EXPECT_EQ(request->authentication_mode, model::AuthenticationMode::kApi);
  EXPECT_EQ(request->bootstrap_creator_admin, false);
  EXPECT_EQ(request->support_type, "STANDARD");
  EXPECT_EQ(request->deletion_protection, true);
  EXPECT_EQ(request->tags, (model::Tags{{"team", "platform"}, {"sallyport.dev/pool", "prod"}}));
  EXPECT_EQ(request->client_request_token, "token-1");
}

TEST(ParseCreate, AcceptsWhatClientsSendToSayNo) {
  for (const char* more : {
           R"("bootstrapSelfManagedAddons":true)",
           R"("bootstrapSelfManagedAddons":false)",
           R"("computeConfig":{"enabled":false})",
           R"("computeConfig":{"enabled":false,"nodePools":[]})",
           R"("storageConfig":{"blockStorage":{"enabled":false}})",
           R"("zonalShiftConfig":{"enabled":false})",
           R"("encryptionConfig":[])",
           R"("remoteNetworkConfig":{"remoteNodeNetworks":[],"remotePodNetworks":[]})",
           R"("controlPlaneScalingConfig":{"tier":"standard"})",
           R"("outpostConfig":null,"version":null,"tags":{},"logging":{})",
           R"("logging":{"clusterLogging":[{"enabled":true,"types":[]},{"enabled":false,"types":["api"]}]})",
           R"("kubernetesNetworkConfig":{})",
       }) {
    EXPECT_EQ(refusal(body(more)), "accepted") << more;
  }
  EXPECT_EQ(refusal(body("", vpc_with(R"("securityGroupIds":[])"))), "accepted");
  EXPECT_EQ(refusal(body(
                "", vpc_with(R"("endpointPublicAccess":false,"endpointPrivateAccess":true,"publicAccessCidrs":[])"))),
            "accepted");
}

TEST(ParseCreate, SaysWhatIsWrongWithAMember) {
  struct Row {
    std::string text;
    std::string message;
  };
  const std::string other(101, 'n');
  for (
      const Row& row : std::vector<Row>{
          {R"({"roleArn":"x"})", "name is required"},
          {R"({"name":"-a"})",
           "name must be 1 to 100 letters, digits, hyphens and underscores, beginning with a letter or digit; it is "
           "\"-a\""},
          {R"({"name":""})",
           "name must be 1 to 100 letters, digits, hyphens and underscores, beginning with a letter or digit; it is "
           "\"\""},
          {R"({"name":7})", "name must be a string, is the number 7"},
          {R"({"name":"a"})", "roleArn is required: the ARN of the cluster's IAM role"},
          {R"({"name":"a","roleArn":"eks"})",
           "roleArn must be the ARN of an IAM role, such as arn:aws:iam::000000000000:role/eks, is \"eks\""},
          {body("", ""), "resourcesVpcConfig is required: at least its subnetIds"},
          {body("", R"("resourcesVpcConfig":{})"),
           "resourcesVpcConfig.subnetIds is required: at least two subnets, in two availability zones"},
          {body("", R"("resourcesVpcConfig":{"subnetIds":["subnet-a"]})"),
           "resourcesVpcConfig.subnetIds must name at least two subnets, in two availability zones"},
          {body("", R"("resourcesVpcConfig":{"subnetIds":["subnet-a","subnet-a"]})"),
           "resourcesVpcConfig.subnetIds[1] repeats subnet-a; give each id once"},
          {body("", R"("resourcesVpcConfig":{"subnetIds":["subnet-a",""]})"),
           "resourcesVpcConfig.subnetIds[1] is no id: \"\"; give an id of letters, digits and hyphens, such as one the "
           "EC2 API shows"},
          {body("", vpc_with(R"("endpointPublicAccess":"yes")")),
           "resourcesVpcConfig.endpointPublicAccess must be a boolean (true or false, without quotes), is the string "
           "\"yes\""},
          {body("", vpc_with(R"("endpointPublicAcces":true)")),
           "resourcesVpcConfig.endpointPublicAcces is not a known member; the members here are: subnetIds, "
           "securityGroupIds, endpointPublicAccess, endpointPrivateAccess, publicAccessCidrs"},
          {body("", vpc_with(R"("endpointPublicAccess":false)")),
           "resourcesVpcConfig.endpointPublicAccess cannot be false unless endpointPrivateAccess is true: nobody could "
           "reach the cluster"},
          {body("", vpc_with(R"("endpointPublicAccess":false,"endpointPrivateAccess":false)")),
           "resourcesVpcConfig.endpointPrivateAccess and endpointPublicAccess cannot both be false: nobody could reach "
           "the cluster; set one to true"},
          {body("", vpc_with(R"("publicAccessCidrs":["0.0.0.0/33"])")),
           "resourcesVpcConfig.publicAccessCidrs[0] is not valid: CIDR block '0.0.0.0/33' has a prefix length over 32"},
          {body("", vpc_with(R"("publicAccessCidrs":["10.0.0.0/8","203.0.113.5/24"])")),
           "resourcesVpcConfig.publicAccessCidrs[1] is not valid: CIDR block '203.0.113.5/24' has host bits set; write "
           "the canonical block 203.0.113.0/24"},
          {body("", vpc_with(R"("publicAccessCidrs":["2001:db8::/32","10.0.0.0/8","2001:0db8:0::/32"])")),
           "resourcesVpcConfig.publicAccessCidrs[2] repeats 2001:db8::/32; give each block once"},
          {body("", vpc_with(R"("publicAccessCidrs":[])")),
           "resourcesVpcConfig.publicAccessCidrs is empty; leave it out to keep what is set, or turn "
           "endpointPublicAccess off to admit nobody"},
          {body("", vpc_with(R"("publicAccessCidrs":[1])")),
           "resourcesVpcConfig.publicAccessCidrs[0] must be a string, is the number 1"},
          {body(R"("version":"v1.34")"), "version must be a minor version such as 1.34, is \"v1.34\""},
          {body(R"("kubernetesNetworkConfig":{"ipFamily":"ipv6"})"),
           "kubernetesNetworkConfig.ipFamily ipv6 is not supported by Sallyport; leave it out or set it to ipv4"},
          {body(R"("kubernetesNetworkConfig":{"serviceIpv4Cidr":"8.0.0.0/16"})"),
           "kubernetesNetworkConfig.serviceIpv4Cidr must be an IPv4 block of /12 to /24 within 10.0.0.0/8, "
           "172.16.0.0/12 or 192.168.0.0/16, is 8.0.0.0/16"},
          {body(R"("logging":{"clusterLogging":[{"types":["api","kubelet"],"enabled":true}]})"),
           "logging.clusterLogging[0].types[1] must be one of api, audit, authenticator, controllerManager, scheduler, "
           "is \"kubelet\""},
          {body(R"("logging":{"clusterLogging":[{"types":["api"],"enabled":true},{"types":["api"],"enabled":false}]})"),
           "logging.clusterLogging[1].types[0] turns api both on and off; name each type once"},
          {body(R"("logging":{"clusterLogging":[{"types":["api"]}]})"),
           "logging.clusterLogging[0].enabled is required: true or false"},
          {body(R"("accessConfig":{"authenticationMode":"IAM"})"),
           "accessConfig.authenticationMode must be API, API_AND_CONFIG_MAP or CONFIG_MAP, is \"IAM\""},
          {body(R"("upgradePolicy":{"supportType":"FOREVER"})"),
           "upgradePolicy.supportType must be STANDARD or EXTENDED, is \"FOREVER\""},
          {body(R"("tags":{"aws:x":"y"})"),
           "tags[\"aws:x\"] has a key beginning with 'aws:', which is reserved; choose another"},
          {body(R"("tags":{"":"y"})"), "tags[\"\"] has a key that is not 1 to 128 characters long"},
          {body(R"("tags":{"k":")" + std::string(257, 'v') + "\"}"),
           "tags[\"k\"] has a value of more than 256 characters; shorten it"},
          {body(R"("tags":{"k":"a\u0000b"})"), "tags[\"k\"] has a value with control characters; remove them"},
          {body(R"("clientRequestToken":"")"),
           "clientRequestToken must be 1 to 128 printable ASCII characters, is \"\""},
          {body(R"("encryptionConfig":[{"resources":["secrets"]}])"),
           "encryptionConfig is not supported by Sallyport; leave it out"},
          {body(R"("outpostConfig":{"outpostArns":[]})"), "outpostConfig is not supported by Sallyport; leave it out"},
          {body(R"("computeConfig":{"enabled":true})"),
           "computeConfig.enabled is not supported by Sallyport; leave it out or set it to false"},
          {body(R"("storageConfig":{"blockStorage":{"enabled":true}})"),
           "storageConfig.blockStorage.enabled is not supported by Sallyport; leave it out or set it to false"},
          {body(R"("zonalShiftConfig":{"enabled":true})"),
           "zonalShiftConfig.enabled is not supported by Sallyport; leave it out or set it to false"},
          {body(R"("remoteNetworkConfig":{"remoteNodeNetworks":[{"cidrs":["10.0.0.0/16"]}]})"),
           "remoteNetworkConfig.remoteNodeNetworks is not supported by Sallyport; leave it out"},
          {body(R"("deletionProtection":1)"),
           "deletionProtection must be a boolean (true or false, without quotes), is the number 1"},
      }) {
    EXPECT_EQ(refusal(row.text), row.message) << row.text;
  }
  EXPECT_EQ(refusal(R"({"name":")" + other + "\"}").substr(0, 12), "name must be");
  EXPECT_EQ(refusal(body(R"("nmae":"x")")).substr(0, 54), "nmae is not a known member; the members here are: name");
}

TEST(ParseCreate, HoldsToItsLimits) {
  const auto cidr = [](std::size_t i) {
    return "10." + std::to_string(i / 256) + "." + std::to_string(i % 256) + ".0/24";
  };
  const auto id = [](std::size_t i) { return "id-" + std::to_string(i); };
  const std::size_t most = base::limits::kPublicAccessCidrs;
  EXPECT_EQ(refusal(body("", vpc_with("\"publicAccessCidrs\":" + list_of(most, cidr)))), "accepted");
  EXPECT_EQ(refusal(body("", vpc_with("\"publicAccessCidrs\":" + list_of(most + 1, cidr)))),
            "resourcesVpcConfig.publicAccessCidrs has 2049 entries; at most 2048 are allowed: remove some, or join "
            "adjacent blocks");
  EXPECT_EQ(refusal(body("", "\"resourcesVpcConfig\":{\"subnetIds\":" + list_of(16, id) + "}")), "accepted");
  EXPECT_EQ(refusal(body("", "\"resourcesVpcConfig\":{\"subnetIds\":" + list_of(17, id) + "}")),
            "resourcesVpcConfig.subnetIds has 17 entries; at most 16 are allowed");
  EXPECT_EQ(refusal(body("", vpc_with("\"securityGroupIds\":" + list_of(5, id)))), "accepted");
  EXPECT_EQ(refusal(body("", vpc_with("\"securityGroupIds\":" + list_of(6, id)))),
            "resourcesVpcConfig.securityGroupIds has 6 entries; at most 5 are allowed");
  const auto tags = [](std::size_t count) {
    std::string text = "\"tags\":{";
    for (std::size_t i = 0; i < count; ++i)
      text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":\"\"";
    return text + "}";
  };
  EXPECT_EQ(refusal(body(tags(50))), "accepted");
  EXPECT_EQ(refusal(body(tags(51))), "tags has 51 entries; at most 50 are allowed");
  EXPECT_EQ(refusal(body(R"("clientRequestToken":")" + std::string(128, 't') + "\"")), "accepted");
  EXPECT_NE(refusal(body(R"("clientRequestToken":")" + std::string(129, 't') + "\"")), "accepted");
  EXPECT_EQ(refusal(body(R"("tags":{")" +
                         [] {
                           std::string key;
                           for (int i = 0; i < 128; ++i)
                             key += "é";
                           return key;
                         }() +
                         R"(":"x"})")),
            "accepted")
      << "characters are counted, not bytes";
}

TEST(ParseCreate, RefusesWhatIsNoObject) {
  for (const char* text :
       {"", "  \n", "null", "[]", "\"x\"", "{", "{\"name\":\"a\",\"name\":\"b\"}", "{\"name\":\"\xFF\"}"}) {
    const auto request = parse_create_cluster(text);
    ASSERT_FALSE(request) << text;
    EXPECT_EQ(request.error().kind, base::ErrorKind::kCorrupt) << text;
    EXPECT_EQ(request.error().message.rfind("The request body ", 0), 0U) << request.error().message;
  }
  EXPECT_EQ(parse_create_cluster("{\"name\":\n1,}").error().message,
            "The request body is not valid JSON: syntax error at line 2, column 3");
}

TEST(ParseCreate, RoleArns) {
  const auto accepts = [](const std::string& arn) {
    const auto request = parse_create_cluster(R"({"name":"a","roleArn":")" + arn + "\"," + kVpc + "}");
    return request.has_value();
  };
  EXPECT_TRUE(accepts("arn:aws:iam::123456789012:role/a"));
  EXPECT_TRUE(accepts("arn:aws-us-gov:iam::123456789012:role/service-role/AmazonEKS_Role@x"));
  for (const char* bad :
       {"arn:aws:iam::12345678901:role/a", "arn:aws:iam::1234567890123:role/a", "arn:aws:iam::123456789012:user/a",
        "arn:aws:iam::123456789012:role/", "arn:aws:iam::123456789012:role/a/", "arn:gcp:iam::123456789012:role/a",
        "arn:aws:iam:us-east-1:123456789012:role/a", "arn:aws:iam::12345678901x:role/a",
        "arn:aws:iam::123456789012:role/a b", "arn:aws:iam::123456789012:role/a\\n",
        " arn:aws:iam::123456789012:role/a"}) {
    EXPECT_FALSE(accepts(bad)) << bad;
  }
}

TEST(ParseCreate, TheHashIgnoresTokenOrderAndNulls) {
  const auto hash = [](const std::string& more) { return parse_create_cluster(body(more)).value().request_hash; };
  EXPECT_EQ(hash(R"("clientRequestToken":"a")"), hash(R"("clientRequestToken":"b")"));
  EXPECT_EQ(hash(R"("clientRequestToken":"a","version":null)"), hash(""));
  EXPECT_EQ(hash(R"("version":"1.34","tags":{"a":"1","b":"2"})"), hash(R"("tags":{"b":"2","a":"1"},"version":"1.34")"));
  EXPECT_NE(hash(R"("version":"1.34")"), hash(R"("version":"1.33")"));
}

}  // namespace
}  // namespace sallyport::api::eks
