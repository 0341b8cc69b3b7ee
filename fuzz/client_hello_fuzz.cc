// The first bytes of a TLS stream. Reading them must end for every input, and give the same answer whether they
// come at once or one by one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "base/limits.h"
#include "wire/client_hello.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sallyport::wire::ClientHelloReader;
  const std::span<const std::uint8_t> bytes(data, size);
  ClientHelloReader whole;
  whole.feed(bytes);
  ClientHelloReader pieces;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    pieces.feed(bytes.subspan(i, 1));
  if (whole.state() != pieces.state() || whole.server_name() != pieces.server_name() ||
      whole.problem() != pieces.problem()) {
    std::abort();
  }
  const bool named = whole.server_name().has_value();
  if (named && (whole.server_name()->empty() || whole.server_name()->size() > 255)) std::abort();
  if (named && whole.state() != ClientHelloReader::State::kComplete) std::abort();
  if (whole.problem().empty() == (whole.state() == ClientHelloReader::State::kInvalid)) std::abort();
  if (size >= sallyport::base::limits::kClientHelloBytes && whole.state() == ClientHelloReader::State::kNeedsMore) {
    std::abort();
  }
  return 0;
}
