#pragma once

#include <chrono>
#include <cstddef>

// Limits of the webhooks and of certificates; see base/limits.h.
namespace sallyport::base::limits {

using namespace std::chrono_literals;

// Tokens of `aws eks get-token`: length, and how long after it was signed one is good, whatever it says
inline constexpr std::size_t kEksTokenBytes = 4 * 1024;
inline constexpr auto kEksTokenTime = 15min;

// Webhooks: threads, and distinct failures remembered so that each is logged once in a while
inline constexpr unsigned kWebhookThreads = 2;
inline constexpr std::size_t kWebhookFailures = 256;
inline constexpr auto kWebhookFailurePause = 60s;

// Certificates of our own authority, and how often certificate files are looked at
inline constexpr auto kAuthorityTime = 10 * 365 * 24h;
inline constexpr auto kServingCertificateTime = 90 * 24h;
inline constexpr auto kCertificateFilePause = 5s;

}  // namespace sallyport::base::limits
