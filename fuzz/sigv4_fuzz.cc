// A whole request as text: the request line, header lines, an empty line, the body. Reads its signature and, where
// it states one, checks it. Both must end for every input; a signature by a key that was never used is never accepted.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "wire/sigv4.h"

namespace {

std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return taken;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace sigv4 = sallyport::wire::sigv4;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string_view line = take_until(text, '\n');
  const std::string_view method = take_until(line, ' ');
  const std::string_view target = line;
  std::vector<sigv4::Header> headers;
  while (!text.empty()) {
    std::string_view field = take_until(text, '\n');
    if (field.empty()) break;
    const std::string name(take_until(field, ':'));
    headers.emplace_back(name, std::string(field));
  }
  const sigv4::Request request{method, target, headers, text};
  const auto authorization = sigv4::read_authorization(request);
  if (!authorization) return 0;
  constexpr std::string_view kNeverUsed = "a secret no input was signed with";
  if (sigv4::verify(request, *authorization, kNeverUsed, authorization->region, authorization->signed_at)) std::abort();
  return 0;
}
