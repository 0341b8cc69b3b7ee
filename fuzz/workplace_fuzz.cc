// What a browser and the API send to a workplace host: a session's request, a resize, the protocols of an upgrade.
// What is accepted is within its bounds, and can end no line of a file that is made of it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <variant>

#include "base/bytes.h"
#include "base/limits.h"
#include "workplace/messages.h"
#include "workplace/sandbox.h"
#include "workplace/sandbox_status.h"
#include "workplace/session_request.h"

namespace workplace = sallyport::workplace;

namespace {

void require(bool held) {
  if (!held) std::abort();
}

bool is_plain(std::string_view text) {
  for (const char c : text) {
    if (c <= ' ' || c > '~') return false;
  }
  return !text.empty();
}

void check_request(std::string_view text) {
  const auto request = workplace::parse_session_request(text);
  if (!request) return require(!request.error().message.empty());
  const auto& keys = request->credentials;
  for (const std::string* part :
       {&request->principal, &request->region, &request->cluster.name, &request->cluster.endpoint, &keys.access_key_id,
        &keys.secret_access_key, &keys.session_token})
    require(is_plain(*part));
  const auto files = workplace::session_files({"ws-0", *request, {}, {}});
  require(!files.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = sallyport::base::as_text(std::span(data, size));
  check_request(text);
  if (const auto said = workplace::parse_said(text)) {
    if (const auto* wanted = std::get_if<workplace::Size>(&*said)) {
      require(wanted->columns >= 1 && wanted->columns <= sallyport::base::limits::kWorkplaceCells);
      require(wanted->rows >= 1 && wanted->rows <= sallyport::base::limits::kWorkplaceCells);
    }
  }
  workplace::SandboxStatus status;
  status.hear(text.substr(0, text.size() / 2));
  status.hear(text.substr(text.size() / 2));
  require(!status.first() || *status.first() > 1);
  if (const auto ticket = workplace::offered_ticket(text)) require(text.find(*ticket) != std::string_view::npos);
  return 0;
}
