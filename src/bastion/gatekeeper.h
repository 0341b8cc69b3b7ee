#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/entropy.h"
#include "base/ip_address.h"
#include "bastion/credentials.h"
#include "bastion/failure_budget.h"
#include "bastion/login_cache.h"

namespace sallyport::bastion {

enum class Login { kAccepted, kRejected, kThrottled, kUnavailable };

// Asks the API about a login: accepted, rejected or unavailable. Must end in bounded time.
using AskFn = std::function<boost::asio::awaitable<Login>(Credentials)>;

struct LoginStats {
  std::atomic<std::uint64_t> asked{0};     // questions to the API
  std::atomic<std::uint64_t> accepted{0};  // logins, from memory too
  std::atomic<std::uint64_t> rejected{0};
  std::atomic<std::uint64_t> throttled{0};
  std::atomic<std::uint64_t> unavailable{0};
};

// Decides about logins by what the API says or said just before. The same login asked twice at once is one
// question; at most kBastionLoginsAsked questions run at a time, and kBastionLoginsWaiting logins wait.
class Gatekeeper {
 public:
  // `executor` must be a strand; all state lives on it.
  Gatekeeper(boost::asio::any_io_executor executor, base::Entropy& entropy, AskFn ask);

  // From any executor; resumes on the caller's own.
  boost::asio::awaitable<Login> login(Credentials credentials, base::IpAddress source);
  const LoginStats& stats() const { return stats_; }

 private:
  using Outcome = std::shared_ptr<std::optional<Login>>;

  boost::asio::awaitable<Login> decide(Credentials credentials, base::IpAddress source);
  boost::asio::awaitable<Login> ask(const Credentials& credentials, const base::IpAddress& source);
  void count(Login login);
  boost::asio::awaitable<bool> wait_until(std::function<bool()> condition);

  boost::asio::any_io_executor executor_;
  AskFn ask_;
  LoginCache cache_;
  FailureBudget budget_;
  std::map<wire::Digest, Outcome> pending_;
  std::size_t asking_ = 0;
  std::size_t waiting_ = 0;
  boost::asio::steady_timer changed_;  // cancelled whenever a question ends
  LoginStats stats_;
};

}  // namespace sallyport::bastion
