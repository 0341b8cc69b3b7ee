#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/ip_address.h"
#include "model/snapshot.h"

namespace sallyport::api::ec2 {

// Who has which private address: network interfaces, NAT gateways and the gateway's private listeners. A copy of what
// the state says when it is made; each VPC has addresses of its own.
class AddressBook {
 public:
  explicit AddressBook(const model::Snapshot& world);

  // Who has it, as "eni-…"; null where nobody has.
  const std::string* user_of(const model::VpcId& vpc, const base::IpAddress& address) const;
  // Gives it to `user` if nobody has it.
  void take(const model::VpcId& vpc, const base::IpAddress& address, const std::string& user);
  // The subnet's lowest address that is neither taken nor reserved, now taken by `user`.
  std::optional<base::IpAddress> take_free(const model::Subnet& subnet, const std::string& user);
  // How many of those there are.
  std::uint64_t available(const model::Subnet& subnet) const;

 private:
  std::map<model::VpcId, std::map<base::IpAddress, std::string>> users_;
};

// The first four addresses of a subnet and its last: nobody can have them.
bool is_reserved(const model::Subnet& subnet, const base::IpAddress& address);

}  // namespace sallyport::api::ec2
