#include <gtest/gtest.h>

#include "api/eks/render_cluster.h"
#include "api/eks/render_update.h"

namespace sallyport::api::eks {
namespace {

const base::Time kTime{base::Millis(1'763'994'600'007)};

model::Cluster cluster() {
  model::Cluster cluster;
  cluster.name = model::ClusterName("prod");
  cluster.endpoint_id = model::EndpointId("0123456789ABCDEF0123456789ABCDEF");
  cluster.arn = model::Arn("arn:aws:eks:us-east-1:000000000000:cluster/prod");
  cluster.created_at = kTime;
  cluster.status = model::ClusterStatus::kActive;
  cluster.version = "1.34";
  cluster.platform_version = "eks.1";
  cluster.role_arn = model::Arn("arn:aws:iam::000000000000:role/eks");
  cluster.vpc_config = {model::VpcId("vpc-1"),
                        {model::SubnetId("subnet-a"), model::SubnetId("subnet-b")},
                        {model::SecurityGroupId("sg-1")},
                        model::SecurityGroupId("sg-own")};
  cluster.access = {true, false, model::CidrSet({model::Cidr::parse("203.0.113.5/32").value()})};
  cluster.enabled_logs = {model::LogType::kApi, model::LogType::kAudit};
  cluster.tags = {{"team", "a \"quoted\" one"}};
  cluster.certificate_authority_pem = "-----BEGIN CERTIFICATE-----\n";
  cluster.service_ipv4_cidr = "172.20.0.0/16";
  cluster.client_request_token = "token-1";
  cluster.health_issues = {{"ConfigurationConflict", "name missing", {"server-1"}}};
  return cluster;
}

const ClusterContext kContext{"https://host:8443", "https://oidc.eks.us-east-1.sallyport.internal/id/0123"};

TEST(RenderCluster, IsTheWholeShape) {
  EXPECT_EQ(
      wire::to_text(render_cluster(cluster(), kContext)),
      R"({"name":"prod","arn":"arn:aws:eks:us-east-1:000000000000:cluster/prod","createdAt":1763994600.007,)"
      R"("version":"1.34","endpoint":"https://host:8443","roleArn":"arn:aws:iam::000000000000:role/eks",)"
      R"("resourcesVpcConfig":{"subnetIds":["subnet-a","subnet-b"],"securityGroupIds":["sg-1"],)"
      R"("clusterSecurityGroupId":"sg-own","vpcId":"vpc-1","endpointPublicAccess":true,"endpointPrivateAccess":false,)"
      R"("publicAccessCidrs":["203.0.113.5/32"]},)"
      R"("kubernetesNetworkConfig":{"serviceIpv4Cidr":"172.20.0.0/16","ipFamily":"ipv4",)"
      R"("elasticLoadBalancing":{"enabled":false}},)"
      R"("logging":{"clusterLogging":[{"types":["api","audit"],"enabled":true},)"
      R"({"types":["authenticator","controllerManager","scheduler"],"enabled":false}]},)"
      R"("identity":{"oidc":{"issuer":"https://oidc.eks.us-east-1.sallyport.internal/id/0123"}},"status":"ACTIVE",)"
      R"("certificateAuthority":{"data":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg=="},"clientRequestToken":"token-1",)"
      R"("platformVersion":"eks.1","tags":{"team":"a \"quoted\" one"},)"
      R"("health":{"issues":[{"code":"ConfigurationConflict","message":"name missing","resourceIds":["server-1"]}]},)"
      R"("accessConfig":{"bootstrapClusterCreatorAdminPermissions":true,"authenticationMode":"API_AND_CONFIG_MAP"},)"
      R"("upgradePolicy":{"supportType":"EXTENDED"},"deletionProtection":false})");
}

TEST(RenderCluster, ShowsNoEndpointBeforeThereIsOne) {
  model::Cluster creating = cluster();
  creating.status = model::ClusterStatus::kCreating;
  const std::string text = wire::to_text(render_cluster(creating, kContext));
  EXPECT_EQ(text.find("\"endpoint\""), std::string::npos);
  EXPECT_NE(text.find(R"("certificateAuthority":{})"), std::string::npos);
  EXPECT_NE(text.find(R"("status":"CREATING")"), std::string::npos);
}

TEST(RenderCluster, LoggingWithAllAndWithNone) {
  EXPECT_EQ(
      wire::to_text(render_logging({})),
      R"({"clusterLogging":[{"types":["api","audit","authenticator","controllerManager","scheduler"],"enabled":false}]})");
  EXPECT_EQ(
      wire::to_text(render_logging({model::LogType::kApi, model::LogType::kAudit, model::LogType::kAuthenticator,
                                    model::LogType::kControllerManager, model::LogType::kScheduler})),
      R"({"clusterLogging":[{"types":["api","audit","authenticator","controllerManager","scheduler"],"enabled":true}]})");
}

TEST(RenderUpdate, EndpointAccessWhileInProgress) {
  model::Update update;
  update.id = model::UpdateId("id-1");
  update.cluster = model::ClusterName("prod");
  update.created_at = kTime;
  update.change = model::AccessChange{
      {true, true, model::CidrSet({model::Cidr::parse("203.0.113.5/32").value(), model::Cidr::parse("::/0").value()})},
      {},
      true,
      {},
      {}};
  EXPECT_EQ(wire::to_text(render_update(update)),
            R"({"id":"id-1","status":"InProgress","type":"EndpointAccessUpdate","params":[)"
            R"({"type":"EndpointPublicAccess","value":"true"},{"type":"EndpointPrivateAccess","value":"true"},)"
            R"({"type":"PublicAccessCidrs","value":"[\"203.0.113.5/32\",\"::/0\"]"}],"createdAt":1763994600.007,)"
            R"("errors":[],"sallyport":{"step":"stored","connectionsCut":0,"warnings":[]}})");
}

TEST(RenderUpdate, FailedWithErrorsRevisionAndCuts) {
  model::Update update;
  update.id = model::UpdateId("id-2");
  update.created_at = kTime;
  update.status = model::UpdateStatus::kFailed;
  update.step = model::UpdateStep::kDone;
  update.revision = model::Revision(42);
  update.connections_cut = 3;
  update.warnings = {"leaves out 198.51.100.1"};
  update.errors = {{"OperationNotPermitted", "gateway did not answer", {"prod"}}};
  update.change = model::VpcConfigChange{{model::VpcId("vpc-1"), {model::SubnetId("subnet-a")}, {}, {}}, {}};
  EXPECT_EQ(wire::to_text(render_update(update)),
            R"({"id":"id-2","status":"Failed","type":"VpcConfigUpdate","params":[)"
            R"({"type":"Subnets","value":"[\"subnet-a\"]"},{"type":"SecurityGroups","value":"[]"}],)"
            R"("createdAt":1763994600.007,"errors":[{"errorCode":"OperationNotPermitted",)"
            R"("errorMessage":"gateway did not answer","resourceIds":["prod"]}],)"
            R"("sallyport":{"step":"done","connectionsCut":3,"revision":42,"warnings":["leaves out 198.51.100.1"]}})");
}

TEST(RenderUpdate, LoggingAndDeletionProtection) {
  model::Update update;
  update.change = model::DeletionProtectionChange{true, false};
  EXPECT_NE(wire::to_text(render_update(update))
                .find(R"("type":"DeletionProtectionUpdate","params":[{"type":"DeletionProtection","value":"true"}])"),
            std::string::npos);
  update.change = model::LoggingChange{{model::LogType::kScheduler}, {}};
  EXPECT_NE(wire::to_text(render_update(update))
                .find(R"("type":"LoggingUpdate","params":[{"type":"ClusterLogging","value":"{\"clusterLogging\":[)"
                      R"({\"types\":[\"scheduler\"],\"enabled\":true},{\"types\":[\"api\",)"),
            std::string::npos);
}

}  // namespace
}  // namespace sallyport::api::eks
