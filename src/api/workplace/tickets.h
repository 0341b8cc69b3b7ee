#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http.h"
#include "iam/credentials.h"
#include "model/ids.h"

namespace sallyport::api::workplace {

// Whose a session at the host is.
struct Pass {
  std::string session;  // "ws-…"
  model::ClusterName cluster;
  iam::Principal principal;
  std::string access_key_id;  // what signed OpenWorkplace
  std::string minted_key_id;  // of the credentials in the session
  std::string session_token;  // of these; never logged
  HttpRequest request;        // OpenWorkplace, as far as policies look at it
};

// Tickets the host gave that no browser has used yet: at most kWorkplaceTickets, each for kWorkplaceTicketTime and
// once. A ticket is compared in time that tells nothing of the others. Thread-safe.
class Tickets {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Whether one more could be kept now; the reason where not.
  std::optional<std::string> why_not(Time now);
  // False where it could not be kept.
  bool put(std::string ticket, Pass pass, Time now);
  std::optional<Pass> take(std::string_view ticket, Time now);
  // Keeps none from here on: the server stops.
  void close();

 private:
  struct Kept {
    std::string ticket;
    Pass pass;
    Time until;
  };
  void forget_old(Time now);

  std::mutex mutex_;
  std::vector<Kept> kept_;
  bool closed_ = false;
};

}  // namespace sallyport::api::workplace
