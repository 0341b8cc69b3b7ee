#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "api/upgrade.h"
#include "api/workplace/host_client.h"
#include "api/workplace/tickets.h"
#include "base/ip_address.h"
#include "base/time.h"

namespace sallyport::api::workplace {

inline constexpr std::string_view kTerminalPath = "/sallyport/workplace";

// A terminal that ended.
struct Closed {
  const Pass& pass;
  base::IpAddress source;
  std::string user_agent;
  base::Millis duration{};
  std::uint64_t bytes_from_browser = 0;
  std::uint64_t bytes_to_browser = 0;
};

struct GateStats {
  std::uint64_t active = 0;
  std::uint64_t opened = 0;
  std::uint64_t refused = 0;
  std::uint64_t bytes_from_browsers = 0;  // of terminals that ended
  std::uint64_t bytes_to_browsers = 0;
};

// Lets the browsers that bring a ticket through to the host, and relays what both say: at most kWorkplaceRelays at
// once, with a buffer of kWorkplaceRelayBytes each way, so that who reads slowly is waited for. When the server stops,
// browsers are told with Close 1001 where that may stand. Thread-safe.
class TerminalGate final : public UpgradeHandler {
 public:
  // All must outlive the gate, and the gate its relays. `on_close` is called on the thread of the relay.
  TerminalGate(const HostClient& host, Tickets& tickets, std::function<void(const Closed&)> on_close)
      : host_(host), tickets_(tickets), on_close_(std::move(on_close)) {}

  bool serves(std::string_view target) const override { return target == kTerminalPath; }
  boost::asio::awaitable<tl::expected<std::unique_ptr<Upgraded>, HttpResponse>> begin(
      const HttpRequest& request) override;

  GateStats stats() const;

 private:
  class Place;
  class Relay;

  HttpResponse refuse(const HttpRequest& request, HttpResponse response, std::string_view why);

  const HostClient& host_;
  Tickets& tickets_;
  const std::function<void(const Closed&)> on_close_;
  std::atomic<std::uint64_t> active_{0};
  std::atomic<std::uint64_t> opened_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> bytes_from_browsers_{0};
  std::atomic<std::uint64_t> bytes_to_browsers_{0};
};

}  // namespace sallyport::api::workplace
