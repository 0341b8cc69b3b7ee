// The first bytes of a stream from a PROXY speaker. A header that is complete lies within the input, and its
// endpoints survive being encoded and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "wire/proxy_protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sallyport::wire::ProxyHeader;
  const ProxyHeader header = sallyport::wire::parse_proxy_header(std::span(data, size));
  if (header.state == ProxyHeader::State::kNeedsMore && size >= sallyport::wire::kProxyHeaderBytes) std::abort();
  if (header.state != ProxyHeader::State::kComplete) {
    if (header.endpoints) std::abort();
    return 0;
  }
  if (header.size > size || header.size > sallyport::wire::kProxyHeaderBytes) std::abort();
  if (!header.endpoints) return 0;
  const auto again = sallyport::wire::parse_proxy_header(sallyport::wire::encode_proxy_header(*header.endpoints));
  if (again.state != ProxyHeader::State::kComplete || again.endpoints != header.endpoints) std::abort();
  return 0;
}
