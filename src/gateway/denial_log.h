#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/ip_address.h"
#include "gateway/counters.h"

namespace sallyport::gateway {

// Logs refusals, at most kLinesASecond of them; how many were left out is said with the next line. One a worker.
class DenialLog {
 public:
  // To be asked for each refusal: whether a line is to be written; else this one is left out.
  bool has_room();
  // `path` as policy::to_string has it; empty cluster or path where there is none to name.
  void write(Refusal refusal, const base::SocketAddress& source, const base::SocketAddress& listener,
             std::string_view path, std::string_view cluster);

 private:
  static constexpr int kLinesASecond = 10;

  std::chrono::steady_clock::time_point second_{};
  int lines_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace sallyport::gateway
