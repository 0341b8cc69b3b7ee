#include "wire/dns_types.h"

namespace sallyport::wire {

std::string_view to_string(DnsRcode rcode) {
  switch (rcode) {
    case DnsRcode::kNoError: return "NOERROR";
    case DnsRcode::kFormErr: return "FORMERR";
    case DnsRcode::kServFail: return "SERVFAIL";
    case DnsRcode::kNxDomain: return "NXDOMAIN";
    case DnsRcode::kNotImp: return "NOTIMP";
    case DnsRcode::kRefused: return "REFUSED";
    case DnsRcode::kBadVers: return "BADVERS";
  }
  return "OTHER";
}

}  // namespace sallyport::wire
