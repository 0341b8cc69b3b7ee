#include "bastion/gatekeeper.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/limits.h"

namespace sallyport::bastion {
namespace {

namespace asio = boost::asio;
namespace limits = base::limits;

// An API whose answers the test gives out by hand.
class GatekeeperTest : public testing::Test {
 protected:
  asio::awaitable<Login> answer(Credentials credentials) {
    ++asked_[credentials.secret];
    ++at_once_;
    most_ = std::max(most_, at_once_);
    while (!open_)
      co_await gate_.async_wait(asio::as_tuple(asio::use_awaitable));
    --at_once_;
    if (credentials.secret == "throw") throw std::runtime_error("as asked");
    if (credentials.secret == "down") co_return Login::kUnavailable;
    co_return credentials.secret.starts_with("good") ? Login::kAccepted : Login::kRejected;
  }

  void come(const std::string& secret, const char* source = "192.0.2.1") {
    asio::co_spawn(io_, come_in(secret, *base::IpAddress::parse(source)), asio::detached);
    io_.restart();
    io_.poll();
  }
  asio::awaitable<void> come_in(std::string secret, base::IpAddress source) {
    const Credentials credentials{"AKIAIOSFODNN7EXAMPLE", std::move(secret)};
    const Login login = co_await gatekeeper_.login(credentials, source);
    outcomes_.push_back(login);
  }
  void let_through() {
    open_ = true;
    gate_.cancel();
    io_.restart();
    io_.poll();
  }
  std::size_t count(Login login) const {
    return static_cast<std::size_t>(std::count(outcomes_.begin(), outcomes_.end(), login));
  }

  asio::io_context io_;
  base::SystemEntropy entropy_;
  asio::steady_timer gate_{io_, Steady::time_point::max()};
  bool open_ = true;
  std::size_t at_once_ = 0;
  std::size_t most_ = 0;
  std::map<std::string, int> asked_;
  std::vector<Login> outcomes_;
  Gatekeeper gatekeeper_{asio::make_strand(io_), entropy_,
                         [this](Credentials credentials) { return answer(credentials); }};
};

TEST_F(GatekeeperTest, AsksOnceAndRemembers) {
  for (int i = 0; i < 5; ++i) {
    come("good");
    come("bad");
  }
  EXPECT_EQ(count(Login::kAccepted), 5U);
  EXPECT_EQ(count(Login::kRejected), 5U);
  EXPECT_EQ(asked_["good"], 1);
  EXPECT_EQ(asked_["bad"], 1);
}

TEST_F(GatekeeperTest, TheSameLoginAtOnceIsOneQuestion) {
  open_ = false;
  for (int i = 0; i < 50; ++i)
    come("good");
  EXPECT_TRUE(outcomes_.empty());
  let_through();
  EXPECT_EQ(count(Login::kAccepted), 50U);
  EXPECT_EQ(asked_["good"], 1);
}

TEST_F(GatekeeperTest, FailuresOfTheApiAreNotRemembered) {
  for (int i = 0; i < 3; ++i) {
    come("down");
    come("throw");
  }
  EXPECT_EQ(count(Login::kUnavailable), 6U);
  EXPECT_EQ(asked_["down"], 3);
  EXPECT_EQ(asked_["throw"], 3);
}

TEST_F(GatekeeperTest, QuestionsAtOnceAreBoundedAndTheRestWait) {
  open_ = false;
  for (std::size_t i = 0; i < 3 * limits::kBastionLoginsAsked; ++i)
    come("good-" + std::to_string(i));
  EXPECT_EQ(most_, limits::kBastionLoginsAsked);
  let_through();
  EXPECT_EQ(most_, limits::kBastionLoginsAsked);
  EXPECT_EQ(count(Login::kAccepted), 3 * limits::kBastionLoginsAsked);
}

TEST_F(GatekeeperTest, TooManyWaitingAreTurnedAway) {
  open_ = false;
  for (std::size_t i = 0; i < limits::kBastionLoginsAsked + limits::kBastionLoginsWaiting + 7; ++i)
    come("good-" + std::to_string(i));
  EXPECT_EQ(count(Login::kUnavailable), 7U);
  let_through();
  EXPECT_EQ(count(Login::kAccepted), limits::kBastionLoginsAsked + limits::kBastionLoginsWaiting);
}

TEST_F(GatekeeperTest, GuessesRunOutAndKnownLoginsPass) {
  come("good");
  for (int i = 0; i < 3 * limits::kBastionFailures; ++i)
    come("guess-" + std::to_string(i));
  EXPECT_EQ(count(Login::kRejected), static_cast<std::size_t>(limits::kBastionFailures));
  EXPECT_EQ(count(Login::kThrottled), static_cast<std::size_t>(2 * limits::kBastionFailures));
  come("good");
  come("good-too", "192.0.2.2");
  EXPECT_EQ(count(Login::kAccepted), 3U);
  EXPECT_EQ(gatekeeper_.stats().throttled, count(Login::kThrottled));
}

}  // namespace
}  // namespace sallyport::bastion
