#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gateway/gateway.h"
#include "policy/decide.h"

namespace sallyport::gateway {

// Why a connection was refused: the policy's reasons, and those that come before it.
enum class Refusal : std::uint8_t {
  kNotAdmittedAnywhere,
  kBadProxyHeader,
  kMalformedClientHello,
  kClientHelloTimeout,
  kNoSni,
  kUnknownSni,
  kNoSnapshot,
  kClusterNotServing,
  kPublicAccessDisabled,
  kNoPublicCidrMatch,
  kPrivateAccessDisabled,
  kForeignVpc,
  kNotConnected,
  kNoSecurityGroupMatch,
  kCount,
};

std::string_view to_string(Refusal refusal);
Refusal refusal_of(policy::Reason reason);

// One worker's counters. Written by the worker, read by anyone.
struct Counters {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> relayed{0};
  std::atomic<std::uint64_t> active{0};
  std::atomic<std::uint64_t> bytes_to_upstream{0};
  std::atomic<std::uint64_t> bytes_to_client{0};
  std::atomic<std::uint64_t> cut{0};
  std::atomic<std::uint64_t> refused_overload{0};
  std::atomic<std::uint64_t> upstream_failures{0};
  std::atomic<std::uint64_t> upstream_races{0};
  std::atomic<std::uint64_t> traffic_clusters{0};
  std::atomic<std::uint64_t> traffic_untracked{0};
  std::atomic<std::uint64_t> traffic_sources_replaced{0};
  std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Refusal::kCount)> denied{};

  static void add(std::atomic<std::uint64_t>& counter, std::uint64_t by = 1) {
    counter.fetch_add(by, std::memory_order_relaxed);
  }

  void add_to(GatewayStats& stats) const;
};

}  // namespace sallyport::gateway
