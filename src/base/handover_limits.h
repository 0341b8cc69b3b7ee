#pragma once

#include <chrono>
#include <cstddef>

// Limits of what a process hands to its successor; see base/limits.h.
namespace sallyport::base::limits {

using namespace std::chrono_literals;

// Handover to a successor: messages, descriptors in one and in all, a name of one
inline constexpr std::size_t kHandoverMessageBytes = 64 * 1024;
inline constexpr std::size_t kHandoverDescriptorsPerMessage = 253;  // SCM_MAX_FD of the kernel
inline constexpr std::size_t kHandoverDescriptors = 65'536;
inline constexpr std::size_t kHandoverNameBytes = 512;
// … one answer of the other process; its end of the API and the store; the successor's start; a process's end
inline constexpr auto kHandoverAnswerTime = 10s;
inline constexpr auto kHandoverYieldTime = 60s;
inline constexpr auto kHandoverStartTime = 120s;
inline constexpr auto kHandoverEndTime = 5s;
inline constexpr auto kHandoverRetryPause = 1s;  // between attempts to take everything back
// … relays that go on in the predecessor: for how long, unless configured; one message of them; until it has cut some
inline constexpr auto kHandoverDrainTime = 1h;
inline constexpr auto kHandoverLongestDrain = 7 * 24h;
inline constexpr std::size_t kHandoverRelays = 256;
inline constexpr std::size_t kHandoverCuts = 4'096;
inline constexpr auto kHandoverCutTime = 5s;
inline constexpr std::size_t kHandoverPredecessors = 64;  // that drain at once

}  // namespace sallyport::base::limits
