#include "api/service_fixture_test.h"

namespace sallyport::api {
namespace {

class ServiceInsightTest : public ApiServiceTest {
 protected:
  void SetUp() override {
    ApiServiceTest::SetUp();
    model::Cluster cluster;
    cluster.name = model::ClusterName("prod");
    cluster.status = model::ClusterStatus::kActive;
    cluster.access.public_access = true;
    control_.clusters[cluster.name] = cluster;
  }
};

constexpr const char* kExplain = "/sallyport/clusters/prod/explain?source=192.0.2.1";

TEST_F(ServiceInsightTest, IsAServiceOfItsOwnAndRecordedAsReading) {
  EXPECT_EQ(service_.handle(signed_request("sallyport", "GET", kExplain)).status, 200);
  EXPECT_EQ(service_.stats().calls.at("sallyport:Explain 200"), 1U);
  ASSERT_EQ(audit_.entries.size(), 1U);
  const std::string record = audit_.entries[0].line;
  EXPECT_NE(record.find(R"("eventName":"Explain")"), std::string::npos) << record;
  EXPECT_NE(record.find(R"("readOnly":true)"), std::string::npos);
  EXPECT_NE(record.find(R"("source":"192.0.2.1")"), std::string::npos);
}

TEST_F(ServiceInsightTest, GoesOnWhileChangesAreRefused) {
  audit_.is_ready = false;
  EXPECT_EQ(service_.handle(signed_request("sallyport", "GET", kExplain)).status, 200);
  const HttpResponse previewed =
      service_.handle(signed_request("sallyport", "POST", "/sallyport/clusters/prod/preview-update",
                                     R"({"resourcesVpcConfig":{"endpointPrivateAccess":true}})"));
  EXPECT_EQ(previewed.status, 200) << previewed.body;
}

TEST_F(ServiceInsightTest, IsSignedForItsOwnNameAndRegion) {
  EXPECT_EQ(service_.handle(signed_request("eks", "GET", kExplain)).status, 404);
  EXPECT_EQ(service_.handle(signed_request("sallyport", "GET", kExplain, {}, "us-west-2")).status, 403);
  HttpRequest unsigned_request;
  unsigned_request.method = "GET";
  unsigned_request.target = kExplain;
  unsigned_request.source = *base::IpAddress::parse("127.0.0.9");
  EXPECT_EQ(service_.handle(unsigned_request).status, 403);
}

}  // namespace
}  // namespace sallyport::api
