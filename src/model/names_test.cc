#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "model/cluster.h"
#include "model/network.h"
#include "model/update.h"

namespace sallyport::model {
namespace {

template <class E>
void expect_names(const std::vector<std::pair<E, std::string>>& names, std::optional<E> (*parse)(std::string_view)) {
  for (const auto& [value, name] : names) {
    EXPECT_EQ(to_string(value), name);
    EXPECT_EQ(parse(name), value) << name;
    EXPECT_EQ(parse(name + " "), std::nullopt);
    const std::string other = name == base::ascii_lower(name) ? base::ascii_upper(name) : base::ascii_lower(name);
    EXPECT_EQ(parse(other), std::nullopt) << other;
  }
  EXPECT_EQ(parse(""), std::nullopt);
}

TEST(KubernetesVersion, IsAMinorVersionOfOne) {
  for (const char* good : {"1.23", "1.29", "1.30", "1.34", "1.36", "1.99"})
    EXPECT_TRUE(is_kubernetes_version(good)) << good;
  for (const char* bad : {"", "1", "1.", "1.2", "1.22", "1.100", "1.034", "1.3x", "1.x4", "1.:0", "2.34", "1.34.4",
                          "v1.34", " 1.34", "1.34 "})
    EXPECT_FALSE(is_kubernetes_version(bad)) << bad;
  EXPECT_TRUE(is_kubernetes_version(kDefaultKubernetesVersion));
}

// As in the service model; clients compare them letter by letter.
TEST(Names, OfTheServiceModel) {
  expect_names<ClusterStatus>({{ClusterStatus::kCreating, "CREATING"},
                               {ClusterStatus::kActive, "ACTIVE"},
                               {ClusterStatus::kUpdating, "UPDATING"},
                               {ClusterStatus::kDeleting, "DELETING"},
                               {ClusterStatus::kFailed, "FAILED"}},
                              parse_cluster_status);
  expect_names<AuthenticationMode>({{AuthenticationMode::kApi, "API"},
                                    {AuthenticationMode::kApiAndConfigMap, "API_AND_CONFIG_MAP"},
                                    {AuthenticationMode::kConfigMap, "CONFIG_MAP"}},
                                   parse_authentication_mode);
  expect_names<LogType>({{LogType::kApi, "api"},
                         {LogType::kAudit, "audit"},
                         {LogType::kAuthenticator, "authenticator"},
                         {LogType::kControllerManager, "controllerManager"},
                         {LogType::kScheduler, "scheduler"}},
                        parse_log_type);
  expect_names<UpdateStatus>({{UpdateStatus::kInProgress, "InProgress"},
                              {UpdateStatus::kSuccessful, "Successful"},
                              {UpdateStatus::kFailed, "Failed"},
                              {UpdateStatus::kCancelled, "Cancelled"}},
                             parse_update_status);
}

TEST(Names, OfTheStoredSteps) {
  expect_names<UpdateStep>({{UpdateStep::kStored, "stored"},
                            {UpdateStep::kPublished, "published"},
                            {UpdateStep::kRollingBack, "rolling-back"},
                            {UpdateStep::kDone, "done"}},
                           parse_update_step);
}

TEST(Names, OfTheChanges) {
  EXPECT_EQ(type_of(AccessChange{}), "EndpointAccessUpdate");
  EXPECT_EQ(type_of(VpcConfigChange{}), "VpcConfigUpdate");
  EXPECT_EQ(type_of(LoggingChange{}), "LoggingUpdate");
  EXPECT_EQ(type_of(DeletionProtectionChange{}), "DeletionProtectionUpdate");
}

TEST(Names, OfEndpoints) {
  const EndpointId id("0123456789ABCDEF0123456789ABCDEF");
  EXPECT_EQ(endpoint_host(id, Region("us-east-1"), "sallyport.internal"),
            "0123456789ABCDEF0123456789ABCDEF.gr1.us-east-1.eks.sallyport.internal");
  EXPECT_EQ(endpoint_host_key(id, Region("us-east-1"), "Sallyport.Internal"),
            "0123456789abcdef0123456789abcdef.gr1.us-east-1.eks.sallyport.internal");
}

TEST(SecurityGroupRule, AdmitsTcpByProtocolAndPort) {
  SecurityGroupRule rule;
  rule.protocol = "tcp";
  rule.from_port = 443;
  rule.to_port = 445;
  EXPECT_FALSE(rule.admits_tcp(442));
  EXPECT_TRUE(rule.admits_tcp(443));
  EXPECT_TRUE(rule.admits_tcp(445));
  EXPECT_FALSE(rule.admits_tcp(446));
  rule.protocol = "udp";
  EXPECT_FALSE(rule.admits_tcp(443));
  rule.protocol = "-1";
  EXPECT_TRUE(rule.admits_tcp(1)) << "all protocols have no ports";
}

TEST(Vpc, ContainsItsBlocksAlone) {
  Vpc vpc;
  vpc.cidr_blocks = {Cidr::parse("10.0.0.0/16").value(), Cidr::parse("2001:db8::/56").value()};
  const auto holds = [&](std::string_view text) { return vpc.contains(base::IpAddress::parse(text).value()); };
  EXPECT_TRUE(holds("10.0.255.255"));
  EXPECT_TRUE(holds("::ffff:10.0.0.1"));
  EXPECT_TRUE(holds("2001:db8:0:ff::1"));
  EXPECT_FALSE(holds("10.1.0.0"));
  EXPECT_FALSE(holds("2001:db8:0:100::"));
}

}  // namespace
}  // namespace sallyport::model
