#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/entropy.h"
#include "base/result.h"
#include "base/time.h"
#include "workplace/config.h"
#include "workplace/session_request.h"

namespace sallyport::workplace {

using Steady = std::chrono::steady_clock;

// A session that was granted: what it is of, and until when.
struct Session {
  std::string id;  // "ws-" and 16 hexadecimal digits
  SessionRequest request;
  base::Time ends_at{};      // to the second
  std::optional<uid_t> uid;  // of its processes; the host's own when absent
};

struct Granted {
  std::string ticket;  // base64url of 32 random bytes; good once, for kWorkplaceTicketTime
  std::string session;
  base::Time ends_at{};
};

// Who may open a terminal, and who has one. A session counts against the limits from its grant to its end, or to the
// end of a ticket that nobody used: of its principal, and of its holder, who may go by several. A principal keeps one
// uid for as long as it has sessions. Thread-safe.
class SessionTable {
 public:
  SessionTable(const WorkplaceConfig& config, base::Entropy& entropy);

  // kLimitExceeded where there is no room, kInvalidParameter where the credentials end too soon.
  base::Result<Granted> grant(SessionRequest request, base::Time now, Steady::time_point at);
  // The session of a ticket, once; nothing for any other text. Compares in constant time.
  std::optional<Session> redeem(std::string_view ticket, Steady::time_point at);
  // The session is over, with every process of it.
  void leave(const std::string& session);

  struct Counts {
    std::size_t waiting = 0;
    std::size_t running = 0;
  };
  Counts counts(Steady::time_point at);

 private:
  struct Waiting {
    std::string ticket;
    Session session;
    Steady::time_point until;
  };

  void forget_expired(Steady::time_point at);
  struct Owner {
    std::string principal;
    std::string holder;
  };
  struct Known {
    std::size_t sessions = 0;
    std::optional<uid_t> uid;
  };

  bool has_most(const Owner& owner) const;
  void release(const Owner& owner);
  std::optional<uid_t> uid_for(const std::string& principal);

  const std::size_t max_sessions_;
  const std::size_t sessions_a_principal_;
  const base::Seconds longest_time_;
  const std::optional<UidRange> uids_;
  base::Entropy& entropy_;
  std::mutex mutex_;
  std::vector<Waiting> waiting_;
  std::map<std::string, Owner> running_;        // by session
  std::map<std::string, Known> principals_;     // those with sessions
  std::map<std::string, std::size_t> held_by_;  // sessions, by holder; none of them zero
  std::size_t next_uid_ = 0;
};

}  // namespace sallyport::workplace
