#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/connected.h"
#include "policy/derive.h"
#include "policy/reach.h"
#include "policy/test_network.h"

namespace sallyport::policy {
namespace {

using base::IpAddress;
using model::Cidr;
using test::kHome;
using test::kOther;
using test::kThird;

// Few addresses, so that blocks nest and meet: the low bits of 10.0.0.0/24 and of 2001:db8::/120.
IpAddress any_address() {
  const int host = *rc::gen::inRange(0, 32);
  if (*rc::gen::inRange(0, 5) == 0) {
    IpAddress::Octets octets = test::ip("2001:db8::").octets();
    octets[15] = static_cast<std::uint8_t>(host);
    return IpAddress::v6(octets);
  }
  return test::ip("10.0.0." + std::to_string(host));
}

Cidr any_block() {
  const IpAddress within = any_address();
  const unsigned width = within.is_v4() ? 32 : 128;
  if (*rc::gen::inRange(0, 8) == 0) return Cidr::of(within, *rc::gen::inRange(0U, width));
  return Cidr::of(within, width - *rc::gen::inRange(0U, 6U));
}

bool naive_in(const Cidr& block, const IpAddress& address) {
  if (block.network().is_v4() != address.is_v4()) return false;
  const unsigned first = address.is_v4() ? 96 : 0;
  for (unsigned bit = first; bit < first + block.prefix(); ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if ((block.network().octets()[bit / 8] & mask) != (address.octets()[bit / 8] & mask)) return false;
  }
  return true;
}

bool in_any(const std::vector<Cidr>& blocks, const IpAddress& address) {
  return std::ranges::any_of(blocks, [&](const Cidr& block) { return naive_in(block, address); });
}

std::vector<Cidr> any_blocks(int most) {
  std::vector<Cidr> blocks;
  const int count = *rc::gen::inRange(0, most + 1);
  for (int i = 0; i < count; ++i)
    blocks.push_back(any_block());
  return blocks;
}

RC_GTEST_PROP(WithoutProperty, HoldsWhatTheBlockHoldsAndNoHole, ()) {
  const Cidr from = any_block();
  const std::vector<Cidr> holes = any_blocks(6);
  const std::vector<Cidr> left = without(from, holes);
  for (int i = 0; i < 40; ++i) {
    const IpAddress address = any_address();
    RC_ASSERT(in_any(left, address) == (naive_in(from, address) && !in_any(holes, address)));
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      RC_ASSERT(!left[i].overlaps(left[j]));
  }
}

const std::vector<model::VpcId> kVpcs = {kHome, kOther, kThird};

// One gateway, to which some of three VPCs and a VPN are attached, with static routes to them, to attachments of
// another gateway, and nowhere.
model::Snapshot any_transit() {
  model::Snapshot world = test::three_vpcs();
  for (const model::VpcId& id : kVpcs) {
    model::Vpc vpc = *world.find_vpc(id);
    vpc.cidr_blocks = any_blocks(3);
    vpc.cidr_blocks.push_back(any_block());
    test::put(world.vpcs, vpc);
  }
  std::vector<std::pair<std::string, std::string>> routes;
  for (const Cidr& block : any_blocks(8)) {
    const bool known = std::ranges::any_of(routes, [&](const auto& route) { return route.first == block.to_string(); });
    if (known) continue;
    routes.emplace_back(block.to_string(), *rc::gen::element<std::string>("", "tgw-attach-0", "tgw-attach-1",
                                                                          "tgw-attach-2", "tgw-attach-3", "gone"));
  }
  test::transit(world, "tgw-1", routes);
  test::transit(world, "tgw-2", {});
  for (std::size_t i = 0; i < kVpcs.size(); ++i) {
    const bool elsewhere = *rc::gen::inRange(0, 4) == 0;
    test::attach(world, "tgw-attach-" + std::to_string(i), elsewhere ? "tgw-2" : "tgw-1", kVpcs[i],
                 *rc::gen::arbitrary<bool>());
  }
  if (*rc::gen::arbitrary<bool>()) test::attach_vpn(world, "tgw-attach-3", "tgw-1", "vpn-1");
  return world;
}

struct NaiveRoute {
  Cidr block;
  std::string attachment;  // empty: nowhere
  bool is_static = false;
};

// Every route of the gateway as it is written, none left out.
std::vector<NaiveRoute> naive_routes(const model::Snapshot& world, const model::TransitGateway& gateway) {
  std::vector<NaiveRoute> routes;
  const auto& attachments = world.all<model::TransitGatewayAttachment>();
  for (const auto& route : gateway.routes) {
    const auto target = route.attachment ? attachments.find(*route.attachment) : attachments.end();
    const bool stands = target != attachments.end() && target->second->transit_gateway == gateway.id;
    routes.push_back({route.destination, stands ? target->first.str() : "", true});
  }
  for (const auto& [id, attachment] : attachments) {
    if (attachment->transit_gateway != gateway.id || !attachment->vpc) continue;
    for (const Cidr& block : world.find_vpc(*attachment->vpc)->cidr_blocks) {
      if (block.network().is_v4() || attachment->ipv6_support) routes.push_back({block, id.str(), false});
    }
  }
  return routes;
}

// Where each gateway the VPC is attached to sends the address, by the longest route; of equals the static one, then
// that of the first attachment.
bool naive_reaches(const model::Snapshot& world, const model::VpcId& vpc, const IpAddress& address) {
  for (const auto& [own, attachment] : world.all<model::TransitGatewayAttachment>()) {
    if (attachment->vpc != vpc) continue;
    const auto* gateway = world.find<model::TransitGateway>(attachment->transit_gateway);
    std::optional<NaiveRoute> best;
    for (const NaiveRoute& route : naive_routes(world, *gateway)) {
      if (!naive_in(route.block, address)) continue;
      const bool longer = !best || route.block.prefix() > best->block.prefix();
      const bool before = best && route.block.prefix() == best->block.prefix() &&
                          (route.is_static || (!best->is_static && route.attachment < best->attachment));
      if (longer || before) best = route;
    }
    if (best && !best->attachment.empty() && best->attachment != own.str()) return true;
  }
  return false;
}

RC_GTEST_PROP(TransitProperty, LeadsWhereTheLongestRouteDoes, ()) {
  const model::Snapshot world = any_transit();
  for (const model::VpcId& id : kVpcs) {
    std::vector<Cidr> blocks;
    for (const ConnectedNetwork& network : connected_networks(world, *world.find_vpc(id)))
      blocks.push_back(network.block);
    for (int i = 0; i < 20; ++i) {
      const IpAddress address = any_address();
      RC_ASSERT(in_any(blocks, address) == naive_reaches(world, id, address));
    }
  }
}

// Five VPCs with a block each and any peering connections between them: what reaches a VPC is what is within it or
// its direct peers, whatever else is joined to those.
RC_GTEST_PROP(PeeringProperty, IsNeverTransitive, ()) {
  constexpr int kCount = 5;
  model::Snapshot world;
  const auto id_of = [](int i) { return model::VpcId("vpc-" + std::to_string(i)); };
  for (int i = 0; i < kCount; ++i)
    test::put(world.vpcs, test::vpc(id_of(i), "10." + std::to_string(i) + ".0.0/16", "198.51.100.1"));
  std::vector<std::pair<int, int>> active;
  for (int i = 0; i < kCount; ++i) {
    for (int j = 0; j < i; ++j) {
      const int state = *rc::gen::inRange(0, 3);
      if (state == 0) continue;
      test::peer(world, "pcx-" + std::to_string(i) + std::to_string(j), id_of(i), id_of(j), state == 1);
      if (state == 1) active.emplace_back(i, j);
    }
  }
  const Derived derived = derive(world).value();
  for (const model::Vpc& vpc : derived.vpcs)
    test::put(world.vpcs, vpc);
  for (int i = 0; i < kCount; ++i) {
    for (int j = 0; j < kCount; ++j) {
      const bool joined = std::ranges::any_of(
          active, [&](const auto& pair) { return pair == std::pair(i, j) || pair == std::pair(j, i); });
      const Reach expected = i == j ? Reach::kWithin : joined ? Reach::kConnected : Reach::kNone;
      RC_ASSERT(reach(*world.find_vpc(id_of(i)), test::ip("10." + std::to_string(j) + ".1.2")) == expected);
    }
  }
}

}  // namespace
}  // namespace sallyport::policy
