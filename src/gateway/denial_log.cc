#include "gateway/denial_log.h"

#include <spdlog/spdlog.h>

namespace sallyport::gateway {

void DenialLog::write(Refusal refusal, const base::SocketAddress& source, const base::SocketAddress& listener,
                      std::string_view cluster) {
  const auto now = std::chrono::steady_clock::now();
  if (now - second_ >= std::chrono::seconds(1)) {
    second_ = now;
    lines_ = 0;
  }
  if (++lines_ > kLinesASecond) {
    ++left_out_;
    return;
  }
  spdlog::info("connection refused reason={} source={} listener={} cluster={} not_logged={}", to_string(refusal),
               source.address.to_string(), listener.to_string(), cluster.empty() ? "-" : cluster, left_out_);
  left_out_ = 0;
}

}  // namespace sallyport::gateway
