#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "api/upgrade.h"
#include "api/workplace/host_client.h"
#include "api/workplace/standing.h"
#include "api/workplace/terminal_end.h"
#include "api/workplace/tickets.h"
#include "base/limits.h"
#include "base/time.h"

namespace sallyport::api::workplace {

inline constexpr std::string_view kTerminalPath = "/sallyport/workplace";

// What a relay bears with, and how often it asks whether it may go on.
struct RelayTimes {
  base::Millis host_silence = base::limits::kWorkplaceSilence;
  base::Millis check_pause = base::limits::kWorkplaceCheckPause;
};

struct GateStats {
  std::uint64_t active = 0;
  std::uint64_t opened = 0;
  std::uint64_t refused = 0;
  std::uint64_t bytes_from_browsers = 0;  // of terminals that ended
  std::uint64_t bytes_to_browsers = 0;
};

// Lets the browsers that bring a ticket through to the host, and relays what both say: at most kWorkplaceRelays at
// once, with a buffer of kWorkplaceRelayBytes each way, so that who reads slowly is waited for. It ends a terminal
// whose host is silent, for that pings every kWorkplacePingPause, and one that `look` says is allowed no longer; where
// it cannot say, the terminal goes on until the next look. Browsers are told such an end, and that the server stops,
// where a frame may stand. Thread-safe.
class TerminalGate final : public UpgradeHandler {
 public:
  // All must outlive the gate, and the gate its relays. `look` and `on_close` are called on the thread of the relay;
  // `on_close` once for each ticket that is used up.
  TerminalGate(const HostClient& host, Tickets& tickets, RelayTimes times, Look look,
               std::function<void(const Closed&)> on_close)
      : host_(host), tickets_(tickets), times_(times), look_(std::move(look)), on_close_(std::move(on_close)) {}

  bool serves(std::string_view target) const override { return target == kTerminalPath; }
  boost::asio::awaitable<tl::expected<std::unique_ptr<Upgraded>, HttpResponse>> begin(
      const HttpRequest& request) override;

  GateStats stats() const;

 private:
  class Place;
  class Tally;
  class Relay;
  struct Admitted;

  tl::expected<Admitted, HttpResponse> admit(const HttpRequest& request);
  HttpResponse refuse(const HttpRequest& request, HttpResponse response, std::string_view why);

  const HostClient& host_;
  Tickets& tickets_;
  const RelayTimes times_;
  const Look look_;
  const std::function<void(const Closed&)> on_close_;
  std::atomic<std::uint64_t> active_{0};
  std::atomic<std::uint64_t> opened_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> bytes_from_browsers_{0};
  std::atomic<std::uint64_t> bytes_to_browsers_{0};
};

}  // namespace sallyport::api::workplace
