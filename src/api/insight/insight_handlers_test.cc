#include "api/insight/insight_handlers.h"

#include <gtest/gtest.h>

#include <chrono>

#include "api/eks/fake_control_plane.h"

namespace sallyport::api::insight {
namespace {

using testing::Test;

class InsightHandlersTest : public Test {
 protected:
  void SetUp() override {
    model::Cluster cluster;
    cluster.name = model::ClusterName("prod");
    cluster.endpoint_id = model::EndpointId("0123456789ABCDEF0123456789ABCDEF");
    cluster.status = model::ClusterStatus::kActive;
    cluster.vpc_config.vpc = model::VpcId("vpc-1");
    cluster.access.public_access = true;
    cluster.access.public_access_cidrs = model::CidrSet({*model::Cidr::parse("192.0.2.0/24")});
    control_.clusters[cluster.name] = cluster;
  }

  HttpResponse ask(const std::string& method, const std::string& target, const std::string& body = {}) {
    HttpRequest request;
    request.method = method;
    request.target = target;
    request.body = body;
    return handlers_.handle({request, {}, "id"}).response;
  }
  HttpResponse preview(const std::string& config) {
    return ask("POST", "/sallyport/clusters/prod/preview-update", R"({"resourcesVpcConfig":)" + config + "}");
  }

  static policy::LiveConnections from(const char* source, std::uint64_t count, bool inside = false) {
    return {model::ClusterName("prod"), *base::IpAddress::parse(source),
            inside ? std::optional(model::VpcId("vpc-1")) : std::nullopt, count};
  }

  eks::FakeControlPlane control_;
  std::vector<policy::LiveConnections> live_{from("192.0.2.7", 2), from("192.0.2.130", 5), from("192.0.2.9", 1)};
  model::Traffic traffic_;
  InsightHandlers handlers_{control_,
                            {.live = [this](const model::Cluster&) { return live_; },
                             .inherited = [] { return std::uint64_t{3}; },
                             .traffic = [this](const model::ClusterName&) { return traffic_; }}};
};

TEST_F(InsightHandlersTest, ExplainsByTheSettingInForce) {
  const HttpResponse denied = ask("GET", "/sallyport/clusters/prod/explain?source=198.51.100.1");
  EXPECT_EQ(denied.status, 200);
  EXPECT_NE(denied.body.find(R"("allow":false)"), std::string::npos) << denied.body;
  const HttpResponse allowed = ask("GET", "/sallyport/clusters/prod/explain?source=192.0.2.7");
  EXPECT_NE(allowed.body.find(R"("matchedRule":"192.0.2.0/24")"), std::string::npos) << allowed.body;
}

TEST_F(InsightHandlersTest, ExplainNamesWhatIsWrong) {
  for (const char* query :
       {"", "?source=", "?source=example.org", "?source=192.0.2.1&source=192.0.2.2", "?source=%zz"}) {
    const HttpResponse refused = ask("GET", std::string("/sallyport/clusters/prod/explain") + query);
    EXPECT_EQ(refused.status, 400) << query;
    EXPECT_NE(refused.body.find("source"), std::string::npos) << refused.body;
  }
  EXPECT_EQ(ask("GET", "/sallyport/clusters/absent/explain?source=192.0.2.1").status, 404);
  EXPECT_EQ(ask("GET", "/sallyport/clusters/prod/explain?source=192.0.2.1&vpc=vpc-9").status, 404);
}

TEST_F(InsightHandlersTest, ForetellsWhatAnUpdateCutsMostFirst) {
  const HttpResponse told = preview(R"({"publicAccessCidrs":["192.0.2.9/32"]})");
  EXPECT_EQ(told.status, 200);
  EXPECT_NE(
      told.body.find(
          R"("connections":{"cut":7,"kept":1,"cutSources":[)"
          R"({"source":"192.0.2.130","side":"public","connections":5},)"
          R"({"source":"192.0.2.7","side":"public","connections":2}],"cutSourcesOmitted":0,"inEarlierProcesses":3})"),
      std::string::npos)
      << told.body;
  EXPECT_FALSE(control_.updated) << "a preview changed something";
}

TEST_F(InsightHandlersTest, ForetellsTheWarningsOfTheUpdate) {
  EXPECT_NE(preview(R"({"endpointPrivateAccess":true})").body.find("no private gateway listener lies in vpc-1"),
            std::string::npos);
}

TEST_F(InsightHandlersTest, NamesAHundredSourcesAndCountsAll) {
  live_.clear();
  for (int i = 0; i < 130; ++i)
    live_.push_back(from(("192.0.2." + std::to_string(i)).c_str(), 1));
  const std::string body = preview(R"({"publicAccessCidrs":["198.51.100.0/24"]})").body;
  EXPECT_NE(body.find(R"("cut":130)"), std::string::npos);
  EXPECT_NE(body.find(R"("cutSourcesOmitted":30)"), std::string::npos);
}

TEST_F(InsightHandlersTest, RefusesWhatTheUpdateWouldRefuse) {
  EXPECT_EQ(preview(R"({"publicAccessCidrs":["192.0.2.1/24"]})").status, 400);
  EXPECT_EQ(preview(R"({"publicAccessCidrs":["192.0.2.0/24"]})").status, 400) << "nothing would change";
  EXPECT_EQ(preview(R"({"endpointPublicAccess":false})").status, 400);
  const HttpResponse other = preview(R"({"subnetIds":["subnet-1","subnet-2"]})");
  EXPECT_EQ(other.status, 400);
  EXPECT_NE(other.body.find("endpoint access"), std::string::npos) << other.body;
  EXPECT_EQ(ask("POST", "/sallyport/clusters/absent/preview-update",
                R"({"resourcesVpcConfig":{"endpointPrivateAccess":true}})")
                .status,
            404);
}

TEST_F(InsightHandlersTest, TellsOfTrafficAHundredSourcesOfEachKind) {
  model::SourceTraffic denied;
  denied.source = *base::IpAddress::parse("192.0.2.7");
  denied.connections = 4;
  denied.uncertain = 1;
  denied.reason = "no-public-cidr-match";
  traffic_.denied = 5;
  traffic_.denied_sources.assign(101, denied);
  traffic_.unnamed_sources.emplace_back().by_kernel = true;
  traffic_.intervals.push_back({{}, 2, 5, 1});
  traffic_.unnamed_since = base::Time(std::chrono::seconds(1));
  traffic_.kernel_filter = true;
  const std::string body = ask("GET", "/sallyport/clusters/prod/traffic").body;
  for (const char* part :
       {R"("cluster":"prod")", R"("allowed":2,"denied":5,"unnamed":1})", R"("sourcesOmitted":1)",
        R"({"source":"192.0.2.7","side":"public","connections":4,"lastSeen":"1970-01-01T00:00:00.000Z",)"
        R"("allowedNow":false,"uncertain":1,"reason":"no-public-cidr-match"})",
        R"("droppedBy":"kernel-filter")", R"("sourcesOmitted":0,"since":"1970-01-01T00:00:01.000Z"})",
        "before they name a cluster"}) {
    EXPECT_NE(body.find(part), std::string::npos) << part << "\n" << body;
  }
  EXPECT_EQ(ask("GET", "/sallyport/clusters/absent/traffic").status, 404);
}

TEST_F(InsightHandlersTest, LeavesOutTheConnectionsItCannotSee) {
  HttpRequest request;
  request.method = "POST";
  request.target = "/sallyport/clusters/prod/preview-update";
  request.body = R"({"resourcesVpcConfig":{"publicAccessCidrs":["198.51.100.0/24"]}})";
  const std::string body = InsightHandlers(control_, {}).handle({request, {}, "id"}).response.body;
  EXPECT_EQ(body, R"({"cluster":"prod","warnings":[]})");
  request.method = "GET";
  request.target = "/sallyport/clusters/prod/traffic";
  EXPECT_EQ(InsightHandlers(control_, {}).handle({request, {}, "id"}).response.body, R"({"cluster":"prod"})");
}

TEST_F(InsightHandlersTest, NamesWhatIsServed) {
  const HttpResponse unknown = ask("GET", "/sallyport/clusters/prod");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_NE(unknown.body.find("preview-update"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::api::insight
