#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "model/network.h"
#include "model/update.h"

// Arbitrary values of everything that is stored: any UTF-8 text, any address, any enumerator.
namespace sallyport::store::any {

namespace gen = rc::gen;

inline std::string text() {
  static const std::vector<std::string> pieces = {"a",
                                                  "Z",
                                                  "0",
                                                  "-",
                                                  "/",
                                                  "\"",
                                                  "\\",
                                                  "\n",
                                                  "é",
                                                  "漢",
                                                  "🚪",
                                                  " ",
                                                  "{",
                                                  "]",
                                                  ":",
                                                  "arn:aws:",
                                                  std::string(1, '\0'),
                                                  "\x7f"};
  std::string joined;
  for (const std::string& piece : *gen::container<std::vector<std::string>>(gen::elementOf(pieces)))
    joined += piece;
  return joined;
}

template <class Id>
Id id() {
  return Id(text());
}

template <class T, class Make>
std::vector<T> several(std::size_t most, Make make) {
  std::vector<T> made(*gen::inRange<std::size_t>(0, most + 1));
  for (T& element : made)
    element = make();
  return made;
}

inline std::vector<std::string> texts() { return several<std::string>(3, text); }

template <class T>
T one_of(std::vector<T> choices) {
  return *gen::elementOf(std::move(choices));
}

inline bool flag() { return *gen::arbitrary<bool>(); }

inline base::Time time() {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  return base::Time(base::Millis(*gen::oneOf(gen::inRange<std::int64_t>(0, 4'102'444'800'000),
                                             gen::elementOf(std::vector<std::int64_t>{-kMost - 1, -1, 0, kMost}))));
}

inline base::IpAddress address() {
  if (flag()) return base::IpAddress::v4(*gen::arbitrary<std::uint32_t>());
  base::IpAddress::Octets octets{};
  for (std::uint8_t& octet : octets)
    octet = *gen::arbitrary<std::uint8_t>();
  return base::IpAddress::v6(octets);
}

inline model::Cidr cidr() { return model::Cidr::of(address(), *gen::inRange<unsigned>(0, 129)); }

inline std::set<base::IpAddress> addresses() {
  const auto made = several<base::IpAddress>(3, address);
  return {made.begin(), made.end()};
}

inline model::EndpointAccess access() {
  return {.public_access = flag(),
          .private_access = flag(),
          .public_access_cidrs = model::CidrSet(several<model::Cidr>(4, cidr))};
}

inline model::VpcConfig vpc_config() {
  return {.vpc = id<model::VpcId>(),
          .subnets = several<model::SubnetId>(3, id<model::SubnetId>),
          .security_groups = several<model::SecurityGroupId>(3, id<model::SecurityGroupId>),
          .cluster_security_group = id<model::SecurityGroupId>()};
}

inline std::vector<model::LogType> logs() {
  return several<model::LogType>(5, [] {
    return one_of<model::LogType>({model::LogType::kApi, model::LogType::kAudit, model::LogType::kAuthenticator,
                                   model::LogType::kControllerManager, model::LogType::kScheduler});
  });
}

inline model::Cluster cluster() {
  using enum model::ClusterStatus;
  model::Cluster made;
  made.name = id<model::ClusterName>();
  made.endpoint_id = id<model::EndpointId>();
  made.arn = id<model::Arn>();
  made.creator = id<model::Arn>();
  made.created_at = time();
  made.status = one_of<model::ClusterStatus>({kCreating, kActive, kUpdating, kDeleting, kFailed});
  made.version = text();
  made.platform_version = text();
  made.role_arn = id<model::Arn>();
  made.vpc_config = vpc_config();
  made.access = access();
  made.public_resolves_private = flag();
  made.deletion_protection = flag();
  made.enabled_logs = logs();
  for (const std::string& key : texts())
    made.tags[key] = text();
  made.pool = id<model::PoolName>();
  made.certificate_authority_pem = text();
  made.health_issues = several<model::HealthIssue>(
      2, [] { return model::HealthIssue{.code = text(), .message = text(), .resource_ids = texts()}; });
  made.service_ipv4_cidr = text();
  made.ip_family = text();
  made.authentication_mode =
      one_of<model::AuthenticationMode>({model::AuthenticationMode::kApi, model::AuthenticationMode::kApiAndConfigMap,
                                         model::AuthenticationMode::kConfigMap});
  made.bootstrap_creator_admin = flag();
  made.support_type = text();
  made.client_request_token = text();
  made.client_request_hash = text();
  return made;
}

inline model::Change change() {
  switch (*gen::inRange(0, 4)) {
    case 0:
      return model::AccessChange{.target = access(), .previous = access(), .previous_public_resolves_private = flag()};
    case 1: return model::VpcConfigChange{.target = vpc_config(), .previous = vpc_config()};
    case 2: return model::LoggingChange{.target = logs(), .previous = logs()};
    default: return model::DeletionProtectionChange{.target = flag(), .previous = flag()};
  }
}

inline model::Update update() {
  using enum model::UpdateStatus;
  using enum model::UpdateStep;
  model::Update made;
  made.id = id<model::UpdateId>();
  made.cluster = id<model::ClusterName>();
  made.status = one_of<model::UpdateStatus>({kInProgress, kSuccessful, kFailed, kCancelled});
  made.step = one_of<model::UpdateStep>({kStored, kPublished, kRollingBack, kDone});
  made.change = change();
  made.created_at = time();
  if (flag()) made.finished_at = time();
  if (flag()) made.revision = model::Revision(*gen::arbitrary<std::uint64_t>());
  made.errors = several<model::UpdateError>(
      2, [] { return model::UpdateError{.code = text(), .message = text(), .resource_ids = texts()}; });
  made.warnings = texts();
  made.connections_cut = *gen::arbitrary<std::uint64_t>();
  made.client_request_token = text();
  made.client_request_hash = text();
  return made;
}

inline model::Vpc vpc() {
  return {.id = id<model::VpcId>(),
          .cidr_blocks = several<model::Cidr>(3, cidr),
          .is_default = flag(),
          .enable_dns_support = flag(),
          .enable_dns_hostnames = flag(),
          .domain_name_servers = texts(),
          .egress_addresses = addresses()};
}

inline model::Subnet subnet() {
  return {.id = id<model::SubnetId>(), .vpc = id<model::VpcId>(), .cidr_block = cidr(), .availability_zone = text()};
}

inline model::SecurityGroupRule rule() {
  model::SecurityGroupRule made;
  made.id = id<model::SecurityGroupRuleId>();
  made.protocol = text();
  made.from_port = *gen::arbitrary<std::uint16_t>();
  made.to_port = *gen::arbitrary<std::uint16_t>();
  if (flag()) made.source_cidr = cidr();
  if (flag()) made.source_group = id<model::SecurityGroupId>();
  made.description = text();
  return made;
}

inline model::SecurityGroup security_group() {
  return {.id = id<model::SecurityGroupId>(),
          .vpc = id<model::VpcId>(),
          .name = text(),
          .description = text(),
          .ingress = several<model::SecurityGroupRule>(3, rule),
          .members = addresses()};
}

}  // namespace sallyport::store::any
