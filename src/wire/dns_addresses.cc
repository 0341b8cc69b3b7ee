#include "wire/dns_addresses.h"

#include <algorithm>
#include <span>

#include "wire/dns_reader.h"

namespace sallyport::wire {

std::vector<base::IpAddress> dns_addresses(const DnsReply& reply, const DnsQuestion& question, std::size_t most) {
  std::vector<base::IpAddress> found;
  DnsReader reader(reply.message);
  const auto header = reader.header();
  if (!header || header->questions != 1 || !reader.name() || !reader.u32()) return found;
  for (std::size_t left = header->answers; left > 0 && found.size() < most; --left) {
    const auto record = reader.record();
    if (!record) break;
    if (!record->owner.same_as(question.name) || static_cast<DnsClass>(record->klass) != DnsClass::kIn) continue;
    const auto type = static_cast<DnsType>(record->type);
    if (type == DnsType::kA && record->data.size() == 4) {
      found.push_back(base::IpAddress::v4(record->data.first<4>()));
    } else if (type == DnsType::kAaaa && record->data.size() == 16) {
      base::IpAddress::Octets octets{};
      std::ranges::copy(record->data, octets.begin());
      found.push_back(base::IpAddress::v6(octets));
    }
  }
  return found;
}

}  // namespace sallyport::wire
