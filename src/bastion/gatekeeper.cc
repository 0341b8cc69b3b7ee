#include "bastion/gatekeeper.h"

#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/limits.h"

namespace sallyport::bastion {

namespace asio = boost::asio;
namespace limits = base::limits;

Gatekeeper::Gatekeeper(asio::any_io_executor executor, base::Entropy& entropy, AskFn ask)
    : executor_(std::move(executor)),
      ask_(std::move(ask)),
      cache_(entropy, limits::kBastionLoginsKept),
      budget_(limits::kBastionSources),
      changed_(executor_, Steady::time_point::max()) {}

asio::awaitable<Login> Gatekeeper::login(Credentials credentials, base::IpAddress source) {
  auto deciding = decide(std::move(credentials), source);
  const Login login = co_await asio::co_spawn(executor_, std::move(deciding), asio::use_awaitable);
  count(login);
  co_return login;
}

void Gatekeeper::count(Login login) {
  switch (login) {
    case Login::kAccepted: ++stats_.accepted; break;
    case Login::kRejected: ++stats_.rejected; break;
    case Login::kThrottled: ++stats_.throttled; break;
    case Login::kUnavailable: ++stats_.unavailable; break;
  }
}

asio::awaitable<Login> Gatekeeper::decide(Credentials credentials, base::IpAddress source) {
  if (!credentials.plausible()) co_return Login::kRejected;
  const wire::Digest digest = cache_.digest(credentials);
  if (const auto known = cache_.find(digest, Steady::now())) {
    co_return *known ? Login::kAccepted : Login::kRejected;
  }
  if (!budget_.left(source, Steady::now())) co_return Login::kThrottled;

  if (const auto same = pending_.find(digest); same != pending_.end()) {
    const Outcome outcome = same->second;
    auto answered = [outcome] { return outcome->has_value(); };
    const bool in_time = co_await wait_until(std::move(answered));
    co_return in_time ? **outcome : Login::kUnavailable;
  }
  const auto outcome = std::make_shared<std::optional<Login>>();
  pending_.emplace(digest, outcome);
  const Login login = co_await ask(credentials, source);
  if (login == Login::kAccepted || login == Login::kRejected) {
    cache_.put(digest, login == Login::kAccepted, Steady::now());
  }
  *outcome = login;
  pending_.erase(digest);
  changed_.cancel();
  co_return login;
}

asio::awaitable<Login> Gatekeeper::ask(const Credentials& credentials, const base::IpAddress& source) {
  auto has_room = [this] { return asking_ < limits::kBastionLoginsAsked; };
  const bool in_turn = co_await wait_until(std::move(has_room));
  if (!in_turn) co_return Login::kUnavailable;
  // What others from there tried meanwhile counts.
  if (!budget_.left(source, Steady::now())) co_return Login::kThrottled;
  ++asking_;
  ++stats_.asked;
  Login login = Login::kUnavailable;
  try {
    login = co_await ask_(credentials);
  } catch (const std::exception& error) {
    spdlog::error("a login could not be checked: {}", error.what());
  }
  --asking_;
  if (login == Login::kRejected) budget_.spend(source, Steady::now());
  co_return login;
}

// False when it did not come true in twice the time of a question, or too many wait already.
asio::awaitable<bool> Gatekeeper::wait_until(std::function<bool()> condition) {
  if (condition()) co_return true;
  if (waiting_ >= limits::kBastionLoginsWaiting) co_return false;
  const auto deadline = Steady::now() + 2 * limits::kBastionLoginTime;
  ++waiting_;
  while (!condition() && Steady::now() < deadline)
    co_await changed_.async_wait(asio::as_tuple(asio::use_awaitable));
  --waiting_;
  co_return condition();
}

}  // namespace sallyport::bastion
