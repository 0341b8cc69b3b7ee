#include "dns/zone.h"

#include <string>
#include <utility>

namespace sallyport::dns {

base::Result<Zone> make_zone(std::string_view zone, model::Revision revision) {
  const auto parent = wire::DnsName::parse(zone);
  const auto apex = parent && !parent->is_root() ? parent->child("eks") : std::nullopt;
  const auto server = apex ? apex->child("ns") : std::nullopt;
  const auto mailbox = apex ? apex->child("hostmaster") : std::nullopt;
  if (!server || !mailbox) {
    return base::fail(
        base::ErrorKind::kInvalidParameter,
        "zone \"" + std::string(zone) + "\" is no domain name: use labels of at most 63 characters between single dots",
        "zone");
  }
  wire::DnsSoa soa;
  soa.primary = *server;
  soa.mailbox = *mailbox;
  soa.serial = static_cast<std::uint32_t>(revision.value());  // wraps as RFC 1982 serials do
  soa.refresh = 300;
  soa.retry = 60;
  soa.expire = 86'400;
  soa.minimum = kNegativeTtl;
  return Zone{*apex, *server, {*apex, kNegativeTtl, std::move(soa)}, {*apex, kApexTtl, wire::DnsNs{*server}}};
}

}  // namespace sallyport::dns
