#include "app/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "app/version.h"

namespace sallyport::app {
namespace {

Readings full_readings() {
  Readings readings;
  readings.started_at = base::Time{std::chrono::seconds{1'795'000'000}};
  readings.control.stored = model::Revision(12);
  readings.control.nodes = {{"gateway", model::Revision(12), std::nullopt}, {"dns", model::Revision(11), "no port"}};
  readings.control.updates_successful = 4;
  readings.control.updates_failed = 1;
  readings.clusters_without_pool = 2;
  readings.zones = {.serving = 2, .not_serving = 1};
  readings.gateway.emplace();
  readings.gateway->relayed = 7;
  readings.gateway->cut = 3;
  readings.gateway->inherited = 5;
  readings.gateway->denied = {{"no-sni", 2}, {"odd \"reason\"\\\n", 1}};
  readings.health[model::PoolName("prod")] = {{*base::SocketAddress::parse("10.0.0.5:6443"), false, "refused"}};
  readings.dns.emplace();
  readings.dns->queries_udp = 9;
  readings.dns->rcodes = {{"NOERROR", 8}, {"NXDOMAIN", 1}};
  readings.api.calls = {{"eks:CreateCluster 200", 5}, {"eks:unknown 404", 1}};
  readings.api.changes_refused_unrecorded = 4;
  readings.audit = {.records = {{api::audit::Result::kAllowed, 11}, {api::audit::Result::kUnauthenticated, 3}},
                    .write_failures = 5,
                    .lost = 1,
                    .waiting = 2,
                    .failing = true};
  readings.http["api"] = {6, 1, 2, base::Time{std::chrono::seconds{1'800'000'000}}};
  readings.webhooks.emplace();
  readings.webhooks->token_reviews = {{"authenticated", 3}, {"expired", 1}};
  readings.webhooks->access_reviews = {{"policy", 2}, {"not_ours", 4}};
  readings.webhooks->refused = {{"bearer", 5}};
  return readings;
}

// A reader of the exposition format that shares nothing with its writer.
std::map<std::string, double> samples_of(const std::string& text) {
  static const std::regex kSample(
      R"re(([a-z_:][a-z0-9_:]*(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)*\})?) ([-+.0-9e]+))re");
  static const std::regex kComment("# (HELP|TYPE) ([a-z_]+) .+");
  std::map<std::string, double> samples;
  std::set<std::string> typed;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch parts;
    if (std::regex_match(line, parts, kComment)) {
      if (parts[1] == "TYPE") {
        EXPECT_TRUE(typed.insert(parts[2]).second) << "typed twice: " << line;
      }
      continue;
    }
    const bool matched = std::regex_match(line, parts, kSample);
    EXPECT_TRUE(matched) << "not a sample: " << line;
    if (!matched) continue;
    const std::string name = parts[1].str().substr(0, parts[1].str().find('{'));
    EXPECT_TRUE(typed.contains(name)) << "no type before: " << line;
    EXPECT_TRUE(samples.emplace(parts[1], std::stod(parts[2])).second) << "twice: " << line;
  }
  return samples;
}

TEST(Metrics, EverySampleParsesAndHasItsValue) {
  const auto samples = samples_of(metrics_text(full_readings()));
  const std::map<std::string, double> expected{
      {"sallyport_build_info{version=\"" + std::string(kVersion) + "\"}", 1},
      {"sallyport_revision_stored", 12},
      {"sallyport_hosted_zones{serving=\"true\"}", 2},
      {"sallyport_hosted_zones{serving=\"false\"}", 1},
      {"sallyport_node_revision_acknowledged{node=\"gateway\"}", 12},
      {"sallyport_node_revision_acknowledged{node=\"dns\"}", 11},
      {"sallyport_node_failing{node=\"dns\"}", 1},
      {"sallyport_updates_total{status=\"Successful\"}", 4},
      {"sallyport_updates_total{status=\"Failed\"}", 1},
      {"sallyport_clusters_without_pool", 2},
      {"sallyport_gateway_connections_active", 0},
      {"sallyport_gateway_connections_inherited", 5},
      {"sallyport_gateway_connections_relayed_total", 7},
      {"sallyport_gateway_connections_cut_total", 3},
      {"sallyport_gateway_denied_total{reason=\"no-sni\"}", 2},
      {"sallyport_gateway_denied_total{reason=\"odd \\\"reason\\\"\\\\\\n\"}", 1},
      {"sallyport_pool_server_healthy{pool=\"prod\",server=\"10.0.0.5:6443\"}", 0},
      {"sallyport_dns_queries_total{transport=\"udp\"}", 9},
      {"sallyport_dns_responses_total{rcode=\"NXDOMAIN\"}", 1},
      {"sallyport_api_requests_total{operation=\"eks:CreateCluster\",status=\"200\"}", 5},
      {"sallyport_api_requests_total{operation=\"eks:unknown\",status=\"404\"}", 1},
      {"sallyport_audit_records_total{outcome=\"allowed\"}", 11},
      {"sallyport_audit_records_total{outcome=\"denied\"}", 0},
      {"sallyport_audit_records_total{outcome=\"unauthenticated\"}", 3},
      {"sallyport_audit_failing", 1},
      {"sallyport_audit_write_failures_total", 5},
      {"sallyport_audit_records_waiting", 2},
      {"sallyport_audit_records_lost_total", 1},
      {"sallyport_audit_changes_refused_total", 4},
      {"sallyport_http_requests_total{server=\"api\"}", 6},
      {"sallyport_http_rejected_total{server=\"api\"}", 1},
      {"sallyport_http_connections_active{server=\"api\"}", 2},
      {"sallyport_certificate_expiry_timestamp_seconds{server=\"api\"}", 1'800'000'000},
      {"sallyport_webhook_token_reviews_total{outcome=\"authenticated\",reason=\"authenticated\"}", 3},
      {"sallyport_webhook_token_reviews_total{outcome=\"refused\",reason=\"expired\"}", 1},
      {"sallyport_webhook_access_reviews_total{outcome=\"allowed\",reason=\"policy\"}", 2},
      {"sallyport_webhook_access_reviews_total{outcome=\"no_opinion\",reason=\"not_ours\"}", 4},
      {"sallyport_webhook_requests_refused_total{reason=\"bearer\"}", 5}};
  for (const auto& [name, value] : expected) {
    ASSERT_TRUE(samples.contains(name)) << name;
    EXPECT_EQ(samples.at(name), value) << name;
  }
  for (const auto& [name, value] : samples)
    EXPECT_TRUE(name.starts_with("sallyport_")) << name;
}

TEST(Metrics, CountersAreTypedCountersAndEndInTotal) {
  std::istringstream lines(metrics_text(full_readings()));
  int counters = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("# TYPE ")) continue;
    const bool counter = line.ends_with(" counter");
    counters += counter ? 1 : 0;
    EXPECT_EQ(counter, line.find("_total ") != std::string::npos) << line;
  }
  EXPECT_GT(counters, 15);
}

TEST(Metrics, PartsThatAreNotConfiguredAreAbsent) {
  const std::string text = metrics_text({});
  EXPECT_EQ(text.find("gateway_"), std::string::npos);
  EXPECT_EQ(text.find("dns_"), std::string::npos);
  EXPECT_NE(text.find("sallyport_revision_stored 0"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::app
