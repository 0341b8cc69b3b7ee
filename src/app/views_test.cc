#include "app/views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace sallyport::app {
namespace {

namespace json = boost::json;

model::CidrSet blocks(const char* text) { return model::CidrSet({*model::Cidr::parse(text)}); }

TEST(Views, ConnectionsAreCountedMostFirst) {
  const auto from = [](const char* source, bool inside) { return std::pair(*base::IpAddress::parse(source), inside); };
  const gateway::LiveBySource connections{
      {from("192.0.2.1", false), 1}, {from("192.0.2.2", false), 2}, {from("192.0.2.2", true), 1}};
  const json::object view = connections_view(connections, 2);
  EXPECT_EQ(json::serialize(view), R"({"total":4,"sources":[{"source":"192.0.2.2","side":"public","count":2},)"
                                   R"({"source":"192.0.2.1","side":"public","count":1}]})");
}

TEST(Views, UpdateTellsWhatAwsCannotSay) {
  model::Update update;
  update.id = model::UpdateId("u-1");
  update.status = model::UpdateStatus::kSuccessful;
  update.step = model::UpdateStep::kDone;
  update.change =
      model::AccessChange{{true, true, blocks("203.0.113.5/32")}, {true, false, blocks("0.0.0.0/0")}, true, {}, {}};
  update.connections_cut = 3;
  update.revision = model::Revision(9);
  update.warnings = {"careful"};
  const json::object view = update_view(update);
  EXPECT_EQ(view.at("connectionsCut").to_number<int>(), 3);
  EXPECT_EQ(view.at("revision").to_number<int>(), 9);
  EXPECT_EQ(view.at("warnings").at(0).as_string(), "careful");
  EXPECT_EQ(view.at("step").as_string(), "done");
  EXPECT_EQ(view.at("change").at("to").at("publicAccessCidrs").at(0).as_string(), "203.0.113.5/32");
  EXPECT_EQ(view.at("change").at("from").at("privateAccess").as_bool(), false);
  EXPECT_FALSE(view.contains("finishedAt"));
}

TEST(Views, EveryKindOfChangeHasBothSides) {
  model::Update update;
  const std::vector<model::Change> changes{model::AccessChange{}, model::VpcConfigChange{},
                                           model::LoggingChange{{model::LogType::kAudit}, {}},
                                           model::DeletionProtectionChange{true, false}};
  for (const model::Change& change : changes) {
    update.change = change;
    const json::object view = update_view(update);
    EXPECT_TRUE(view.at("change").as_object().contains("from")) << model::type_of(change);
    EXPECT_TRUE(view.at("change").as_object().contains("to")) << model::type_of(change);
  }
}

TEST(Views, ExplanationNamesDecisionRuleAndDns) {
  policy::Explanation told;
  told.host = "h.example";
  told.vantage = policy::Vantage::in_vpc(model::VpcId("vpc-1"));
  told.source = told.seen_as = *base::IpAddress::parse("10.0.0.7");
  told.answer.status = policy::ResolveStatus::kAnswer;
  told.answer.addresses = {*base::IpAddress::parse("10.0.0.9")};
  told.arrival = policy::Arrival::at_private(model::VpcId("vpc-1"));
  told.decision = {true, policy::Reason::kSecurityGroupMatch, policy::Path::kVpc, "sg-1 rule sgr-1 (10.0.0.0/8)"};
  told.reachable = true;
  const json::object view = explain_view(model::ClusterName("c"), told);
  EXPECT_EQ(view.at("decision").at("allow").as_bool(), true);
  EXPECT_EQ(view.at("decision").at("reason").as_string(), "security-group-match");
  EXPECT_EQ(view.at("decision").at("matchedRule").as_string(), "sg-1 rule sgr-1 (10.0.0.0/8)");
  EXPECT_EQ(view.at("dns").at("addresses").at(0).as_string(), "10.0.0.9");
  EXPECT_EQ(view.at("arrival").at("side").as_string(), "private");
  EXPECT_EQ(view.at("vantage").as_string(), "vpc-1");
}

TEST(Views, ExplanationNamesTheConnectedNetwork) {
  policy::Explanation told;
  told.arrival = policy::Arrival::at_private(model::VpcId("vpc-1"));
  told.decision.path = policy::Path::kConnectedNetwork;
  EXPECT_FALSE(explain_view(model::ClusterName("c"), told).at("arrival").as_object().contains("connectedNetwork"));
  told.connected = {*model::Cidr::parse("10.9.0.0/16"), "tgw-1"};
  const json::object view = explain_view(model::ClusterName("c"), told);
  EXPECT_EQ(view.at("decision").at("path").as_string(), "connected-network");
  EXPECT_EQ(view.at("arrival").at("connectedNetwork").at("block").as_string(), "10.9.0.0/16");
  EXPECT_EQ(view.at("arrival").at("connectedNetwork").at("via").as_string(), "tgw-1");
}

TEST(Views, ZonesHaveRecordsOrAnObstacle) {
  policy::ZoneState serving;
  serving.zone = {.id = model::HostedZoneId("Z1"), .vpc = model::VpcId("vpc-1"), .created_at = {}};
  serving.cluster = model::ClusterName("a");
  serving.name = "h.example";
  serving.serving = true;
  serving.records = {*base::IpAddress::parse("10.0.0.9"), *base::IpAddress::parse("fd00::9")};
  policy::ZoneState idle = serving;
  idle.cluster = model::ClusterName("b");
  idle.serving = false;
  idle.records.clear();
  idle.obstacle = "enableDnsSupport is false";
  const json::array zones = zones_view({serving, idle}).at("zones").as_array();
  ASSERT_EQ(zones.size(), 2U);
  EXPECT_EQ(zones[0].at("id").as_string(), "Z1");
  EXPECT_EQ(zones[0].at("vpc").as_string(), "vpc-1");
  EXPECT_EQ(json::serialize(zones[0].at("records")),
            R"([{"type":"A","value":"10.0.0.9"},{"type":"AAAA","value":"fd00::9"}])");
  EXPECT_FALSE(zones[0].as_object().contains("obstacle"));
  EXPECT_EQ(zones[1].at("serving").as_bool(), false);
  EXPECT_EQ(zones[1].at("obstacle").as_string(), "enableDnsSupport is false");
}

TEST(Views, StatusTellsWhatAVpcsDnsLacks) {
  auto snapshot = std::make_shared<model::Snapshot>();
  model::Vpc vpc;
  vpc.id = model::VpcId("vpc-1");
  vpc.cidr_blocks = {*model::Cidr::parse("10.0.0.0/16")};
  vpc.domain_name_servers = {model::kAmazonProvidedDns};
  vpc.connected_blocks = blocks("10.9.0.0/16");
  vpc.egress_addresses = {*base::IpAddress::parse("198.51.100.1")};
  snapshot->vpcs[vpc.id] = std::make_shared<const model::Vpc>(vpc);
  StatusFacts facts;
  facts.snapshot = snapshot;
  const json::value shown = status_view(facts).at("vpcs").at(0);
  EXPECT_EQ(shown.at("dnsObstacle").as_string(), "enableDnsHostnames is false");
  EXPECT_EQ(shown.at("connectedBlocks").at(0).as_string(), "10.9.0.0/16");
  EXPECT_EQ(shown.at("egressAddresses").at(0).as_string(), "198.51.100.1");
}

TEST(Views, StatusListsSubnetsByZoneAndHealthOfServers) {
  auto snapshot = std::make_shared<model::Snapshot>();
  for (const auto& [id, zone] : {std::pair("subnet-1", "us-east-1b"), std::pair("subnet-2", "us-east-1a")}) {
    model::Subnet subnet;
    subnet.id = model::SubnetId(id);
    subnet.availability_zone = zone;
    snapshot->subnets[subnet.id] = std::make_shared<const model::Subnet>(subnet);
  }
  model::Pool pool;
  pool.name = model::PoolName("p");
  pool.servers = {*base::SocketAddress::parse("10.0.0.5:6443"), *base::SocketAddress::parse("10.0.0.6:6443")};
  snapshot->pools[pool.name] = std::make_shared<const model::Pool>(pool);
  StatusFacts facts;
  facts.snapshot = snapshot;
  facts.control.nodes = {{"gateway", model::Revision(3), "out of memory"}};
  facts.health[pool.name] = {{pool.servers[1], false, "refused"}};
  facts.gateway.emplace();
  facts.gateway->denied = {{"no-sni", 2}, {"unknown-sni", 3}};
  const json::object view = status_view(facts);
  EXPECT_EQ(view.at("subnets").at(0).at("id").as_string(), "subnet-2");
  EXPECT_FALSE(view.at("pools").at(0).at("servers").at(0).as_object().contains("healthy"));
  EXPECT_EQ(view.at("pools").at(0).at("servers").at(1).at("problem").as_string(), "refused");
  EXPECT_EQ(view.at("nodes").at(0).at("error").as_string(), "out of memory");
  EXPECT_EQ(view.at("gateway").at("connectionsDenied").to_number<int>(), 5);
  EXPECT_FALSE(view.contains("dns"));
}

}  // namespace
}  // namespace sallyport::app
