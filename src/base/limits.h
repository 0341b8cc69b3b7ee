#pragma once

#include <chrono>
#include <cstddef>

// Every limit of the product in one place (design.md section 5). Reaching one is a clear error with a
// counter, never unbounded growth.
namespace sallyport::base::limits {

using namespace std::chrono_literals;

// Model
inline constexpr std::size_t kClusters = 100'000;
inline constexpr std::size_t kPublicAccessCidrs = 2'048;
inline constexpr std::size_t kSecurityGroupsPerCluster = 5;
inline constexpr std::size_t kRulesPerSecurityGroup = 1'000;
inline constexpr std::size_t kSubnetsPerCluster = 16;
inline constexpr std::size_t kUpdateHistory = 1'000;
inline constexpr std::size_t kTagsPerResource = 50;

// Store: how many erased things it remembers, to refuse a commit that would bring one back unknowingly
inline constexpr std::size_t kErasuresRemembered = 10'000;

// Gateway
inline constexpr std::size_t kClientHelloBytes = 16 * 1024;
inline constexpr auto kClientHelloTime = 5s;
inline constexpr auto kUpstreamConnectTime = 5s;
inline constexpr std::size_t kRelayBufferBytes = 64 * 1024;
// What the API, DNS, health checks and the store may hold besides relayed connections.
inline constexpr std::size_t kReservedDescriptors = 2'048;

// API
inline constexpr std::size_t kApiBodyBytes = 1024 * 1024;
inline constexpr std::size_t kApiHeaderBytes = 16 * 1024;
inline constexpr auto kApiRequestTime = 30s;
inline constexpr std::size_t kApiConnections = 1'024;
inline constexpr std::size_t kJsonDepth = 32;
inline constexpr std::size_t kPageEntries = 100;
inline constexpr std::size_t kClientRequestTokenBytes = 128;
inline constexpr auto kSignatureClockSkew = 5min;

// DNS
inline constexpr std::size_t kDnsUdpAnswerBytes = 1'232;
inline constexpr std::size_t kDnsTcpConnections = 256;
inline constexpr auto kDnsTcpIdleTime = 10s;
inline constexpr std::size_t kDnsForwardsInFlight = 1'024;
inline constexpr auto kDnsForwardTime = 3s;

// Update workflow
inline constexpr auto kAcknowledgeTime = 60s;

// Checks of API servers' certificates
inline constexpr auto kCertificateProbeTime = 3s;
inline constexpr auto kCertificateExpiryNotice = 7 * 24h;

// Shutdown
inline constexpr auto kDrainTime = 10s;

}  // namespace sallyport::base::limits
