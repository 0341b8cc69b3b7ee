#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "wire/socks5.h"

namespace sallyport::bastion {

// Why a connection did not become a tunnel. Each has its counter.
enum class Refusal {
  kMalformed,       // no request of the protocol spoken here
  kTooLarge,        // a request over kBastionRequestBytes
  kNotConnect,      // a request for something else than a tunnel
  kNoCredentials,   // none given, or not in the one form understood
  kBadCredentials,  // the API refuses them
  kThrottled,       // too many bad ones from that source
  kApiUnavailable,  // the API could not be asked: nobody passes who did not just before
  kIpLiteral,       // an address instead of a name
  kNotAnEndpoint,   // a name that is no cluster's
  kWrongPort,       // another port than the endpoints'
  kNoSuchName,      // the resolver says that the name has no address
  kLookupFailed,    // the resolver refuses or does not answer
  kBadAddress,      // the resolver gives addresses that no endpoint can have
  kUnreachable,     // no address of the name took the connection
  kOverload,        // at the limit of connections
  kSourceLimit,     // too many connections of that source have not logged in
  kStrangerLimit,   // too many connections of all sources have not logged in
  kDraining,        // about to stop
  kTimeout,         // no whole request in time
  kGone,            // the client left before it was served
};
inline constexpr std::size_t kRefusals = static_cast<std::size_t>(Refusal::kGone) + 1;

// "not-an-endpoint": for logs and metrics.
std::string_view to_string(Refusal refusal);

// False where the connection is reset instead: there is nobody to answer, or an answer would cost what is short.
bool is_answered(Refusal refusal);
// The whole HTTP/1.1 answer, after which the connection is closed; of those that are answered.
std::string http_answer(Refusal refusal);
// Of a refused CONNECT; a refused login is answered by wire::socks5::login_status.
wire::socks5::Reply socks_reply(Refusal refusal);

}  // namespace sallyport::bastion
