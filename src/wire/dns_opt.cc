#include "wire/dns_opt.h"

#include "wire/dns_reader.h"

namespace sallyport::wire {

namespace {
constexpr std::size_t kFixedPart = 11;  // root, type, class, TTL, length
constexpr std::size_t kOptionHeader = 4;

std::size_t options_size(const DnsOpt& opt) {
  return opt.other_options.size() + (opt.cookie.empty() ? 0 : kOptionHeader + opt.cookie.size());
}
}  // namespace

std::size_t DnsOpt::wire_size() const { return kFixedPart + options_size(*this); }

void write_dns_opt(DnsWriter& out, const DnsOpt& opt, DnsRcode rcode) {
  out.u8(0);
  out.u16(static_cast<std::uint16_t>(DnsType::kOpt));
  out.u16(opt.udp_size);
  out.u32(static_cast<std::uint32_t>(rcode) >> 4 << 24 | (opt.dnssec_ok ? dns_flags::kEdnsDnssecOk : 0));
  out.u16(static_cast<std::uint16_t>(options_size(opt)));
  out.bytes(opt.other_options);
  if (opt.cookie.empty()) return;
  out.u16(kDnsCookieOption);
  out.u16(static_cast<std::uint16_t>(opt.cookie.size()));
  out.bytes(opt.cookie);
}

}  // namespace sallyport::wire
