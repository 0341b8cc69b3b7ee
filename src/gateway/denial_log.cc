#include "gateway/denial_log.h"

#include <spdlog/spdlog.h>

namespace sallyport::gateway {

bool DenialLog::has_room() {
  const auto now = std::chrono::steady_clock::now();
  if (now - second_ >= std::chrono::seconds(1)) {
    second_ = now;
    lines_ = 0;
  }
  if (++lines_ <= kLinesASecond) return true;
  ++left_out_;
  return false;
}

void DenialLog::write(Refusal refusal, const base::SocketAddress& source, const base::SocketAddress& listener,
                      std::string_view path, std::string_view cluster) {
  const auto named = [](std::string_view name) { return name.empty() ? "-" : name; };
  spdlog::info("connection refused reason={} source={} path={} listener={} cluster={} not_logged={}",
               to_string(refusal), source.address.to_string(), named(path), listener.to_string(), named(cluster),
               left_out_);
  left_out_ = 0;
}

}  // namespace sallyport::gateway
