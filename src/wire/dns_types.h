#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// Numbers of the DNS protocol that Sallyport tells apart (IANA "Domain Name System Parameters"). The
// enumerations are open: a value on the wire that has no name here is kept as it is.
namespace sallyport::wire {

enum class DnsType : std::uint16_t {
  kA = 1,
  kNs = 2,
  kSoa = 6,
  kHinfo = 13,
  kAaaa = 28,
  kOpt = 41,
  kIxfr = 251,
  kAxfr = 252,
  kAny = 255,
};

enum class DnsClass : std::uint16_t { kIn = 1 };

// RFC 6895 section 2.3, with the extended codes of RFC 6891.
enum class DnsRcode : std::uint16_t {
  kNoError = 0,
  kFormErr = 1,
  kServFail = 2,
  kNxDomain = 3,
  kNotImp = 4,
  kRefused = 5,
  kBadVers = 16,
};

inline constexpr std::uint8_t kDnsOpcodeQuery = 0;
inline constexpr std::size_t kDnsHeaderBytes = 12;
inline constexpr std::size_t kDnsClassicUdpBytes = 512;     // RFC 1035 section 4.2.1
inline constexpr std::size_t kDnsMaxMessageBytes = 65'535;  // the TCP length prefix
inline constexpr std::uint16_t kDnsCookieOption = 10;       // RFC 7873 section 4

// "NOERROR", "NXDOMAIN", …; "OTHER" for a code without a name above.
std::string_view to_string(DnsRcode rcode);

}  // namespace sallyport::wire
