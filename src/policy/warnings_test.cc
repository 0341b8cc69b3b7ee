#include "policy/warnings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/test_world.h"

namespace sallyport::policy {
namespace {

using test::kHome;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

model::EndpointAccess access(bool is_public, bool is_private, const std::vector<std::string>& blocks) {
  return {.public_access = is_public, .private_access = is_private, .public_access_cidrs = test::cidrs(blocks)};
}

template <class Change>
model::Snapshot with_home(Change change) {
  model::Snapshot snapshot = test::world();
  model::Vpc home = *snapshot.find_vpc(kHome);
  change(home);
  test::put(snapshot.vpcs, home);
  return snapshot;
}

TEST(AccessWarnings, NamesTheVpcsEgressLeftOut) {
  const model::Snapshot snapshot = test::world();
  EXPECT_THAT(access_warnings(snapshot, test::cluster(), access(true, false, {"203.0.113.0/24"})),
              ElementsAre(HasSubstr("198.51.100.1")));
  EXPECT_THAT(access_warnings(snapshot, test::cluster(), access(true, false, {"198.51.100.1/32"})), IsEmpty());
  EXPECT_THAT(access_warnings(snapshot, test::cluster(), access(true, false, {"0.0.0.0/0"})), IsEmpty());
  EXPECT_THAT(access_warnings(snapshot, test::cluster(), access(true, true, {"203.0.113.0/24"})), IsEmpty())
      << "private access carries the nodes";
}

TEST(AccessWarnings, NamesOnlyTheFirstFewAddresses) {
  const model::Snapshot snapshot = with_home([](model::Vpc& vpc) {
    vpc.egress_addresses.clear();
    for (int i = 1; i <= 9; ++i)
      vpc.egress_addresses.insert(test::ip("198.51.100." + std::to_string(i)));
  });
  EXPECT_THAT(access_warnings(snapshot, test::cluster(), access(true, false, {"198.51.100.2/32"})),
              ElementsAre(testing::AllOf(HasSubstr("198.51.100.6 and 3 more"), Not(HasSubstr("198.51.100.2,")))));
}

TEST(AccessWarnings, PrivateAccessNeedsAListenerInTheVpc) {
  model::Snapshot snapshot = test::world();
  std::erase_if(snapshot.listeners, [](const auto& each) { return each.vpc == kHome; });
  EXPECT_THAT(access_warnings(snapshot, test::cluster(), access(true, true, {"0.0.0.0/0"})),
              ElementsAre(HasSubstr("no private gateway listener")));
  EXPECT_THAT(access_warnings(snapshot, test::cluster(), access(true, false, {"0.0.0.0/0"})), IsEmpty());
}

TEST(AccessWarnings, PrivateAccessNeedsFitDns) {
  const auto unfit = with_home([](model::Vpc& vpc) {
    vpc.enable_dns_hostnames = false;
    vpc.domain_name_servers = {"10.0.0.53"};
  });
  EXPECT_THAT(access_warnings(unfit, test::cluster(), access(false, true, {})),
              ElementsAre(testing::AllOf(HasSubstr("enableDnsHostnames is false"), HasSubstr("AmazonProvidedDNS"),
                                         Not(HasSubstr("enableDnsSupport")))));
  EXPECT_THAT(access_warnings(unfit, test::cluster(), access(true, false, {"0.0.0.0/0"})), IsEmpty());
}

}  // namespace
}  // namespace sallyport::policy
