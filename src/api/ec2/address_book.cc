#include "api/ec2/address_book.h"

#include "model/network_objects.h"

namespace sallyport::api::ec2 {

namespace {

constexpr std::uint32_t kReservedAtStart = 4;
constexpr std::uint32_t kReserved = 5;

std::uint32_t first_of(const model::Subnet& subnet) { return subnet.cidr_block.network().v4_value(); }
std::uint32_t size_of(const model::Subnet& subnet) { return std::uint32_t{1} << (32 - subnet.cidr_block.prefix()); }

}  // namespace

AddressBook::AddressBook(const model::Snapshot& world) {
  for (const auto& [id, interface] : world.all<model::NetworkInterface>()) {
    for (const base::IpAddress& address : interface->addresses)
      take(interface->vpc, address, id.str());
  }
  for (const auto& [id, gateway] : world.all<model::NatGateway>())
    take(gateway->vpc, gateway->private_ip, id.str());
  for (const model::Listener& listener : world.listeners) {
    if (listener.vpc) take(*listener.vpc, listener.advertise.address, "a private listener of [gateway]");
  }
}

const std::string* AddressBook::user_of(const model::VpcId& vpc, const base::IpAddress& address) const {
  const auto in_vpc = users_.find(vpc);
  if (in_vpc == users_.end()) return nullptr;
  const auto found = in_vpc->second.find(address);
  return found == in_vpc->second.end() ? nullptr : &found->second;
}

void AddressBook::take(const model::VpcId& vpc, const base::IpAddress& address, const std::string& user) {
  users_[vpc].emplace(address, user);
}

std::optional<base::IpAddress> AddressBook::take_free(const model::Subnet& subnet, const std::string& user) {
  auto& taken = users_[subnet.vpc];
  const std::uint32_t last = first_of(subnet) + size_of(subnet) - 1;
  std::uint32_t candidate = first_of(subnet) + kReservedAtStart;
  auto at = taken.lower_bound(base::IpAddress::v4(candidate));
  while (candidate < last && at != taken.end() && at->first == base::IpAddress::v4(candidate)) {
    ++candidate;
    ++at;
  }
  if (candidate >= last) return std::nullopt;
  const base::IpAddress free = base::IpAddress::v4(candidate);
  taken.emplace(free, user);
  return free;
}

std::uint64_t AddressBook::available(const model::Subnet& subnet) const {
  std::uint64_t free = size_of(subnet) > kReserved ? size_of(subnet) - kReserved : 0;
  const auto in_vpc = users_.find(subnet.vpc);
  if (in_vpc == users_.end()) return free;
  for (auto at = in_vpc->second.lower_bound(subnet.cidr_block.network());
       at != in_vpc->second.end() && subnet.cidr_block.contains(at->first); ++at) {
    if (!is_reserved(subnet, at->first)) --free;
  }
  return free;
}

bool is_reserved(const model::Subnet& subnet, const base::IpAddress& address) {
  if (!subnet.cidr_block.contains(address)) return false;
  const std::uint32_t offset = address.v4_value() - first_of(subnet);
  return offset < kReservedAtStart || offset == size_of(subnet) - 1;
}

}  // namespace sallyport::api::ec2
