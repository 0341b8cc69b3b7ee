#include "net/door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ringbuffer_sink.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "net/accept.h"
#include "net/test_peer.h"

namespace sallyport::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using test::Peer;
using testing::HasSubstr;
using namespace std::chrono_literals;

const base::SocketAddress kAnyPort{base::IpAddress::v4(INADDR_LOOPBACK), 0};

// True once `condition` holds; false when it does not for far longer than it ever should.
bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + 60s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

// Whether the other end is gone, as only sending tells at once.
bool is_gone(const Peer& peer) {
  return eventually([&] { return !peer.send("x"); });
}

// Says `greeting`, then what it hears, and throws where that is "!". Holds `life` until it ends.
asio::awaitable<void> echo(tcp::socket socket, std::string greeting, [[maybe_unused]] std::shared_ptr<int> life) {
  co_await asio::async_write(socket, asio::buffer(greeting), asio::use_awaitable);
  std::array<char, 1> heard{};
  for (;;) {
    co_await socket.async_read_some(asio::buffer(heard), asio::use_awaitable);
    if (heard[0] == '!') throw std::runtime_error("it was told to");
    co_await asio::async_write(socket, asio::buffer(heard), asio::use_awaitable);
  }
}

class DoorTest : public testing::Test {
 protected:
  DoorTest() { spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", log_)); }
  ~DoorTest() override {
    door_.reset();
    spdlog::set_default_logger(before_);
  }

  void open(const std::vector<std::string>& greetings) {
    for (const std::string& greeting : greetings) {
      const auto listening = door_->listen(
          kAnyPort, [this, greeting](tcp::socket socket) { return echo(std::move(socket), greeting, life_); });
      ASSERT_TRUE(listening) << listening.error().message;
    }
    door_->open(2);
  }
  Peer peer(std::size_t at = 0) const { return Peer::to(door_->addresses().at(at).port); }
  bool logged(const std::string& text) const {
    return eventually([&] {
      for (const std::string& line : log_->last_formatted()) {
        if (line.find(text) != std::string::npos) return true;
      }
      return false;
    });
  }

  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  std::shared_ptr<spdlog::sinks::ringbuffer_sink_mt> log_ = std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(64);
  std::shared_ptr<int> life_ = std::make_shared<int>();
  std::optional<asio::io_context> io_{std::in_place};
  std::optional<Door> door_{std::in_place, *io_, "test"};
};

TEST_F(DoorTest, EachAddressServesAsItIsTold) {
  open({"a", "b"});
  const Peer first = peer(0);
  const Peer second = peer(1);
  EXPECT_EQ(first.read(1), "a");
  EXPECT_EQ(second.read(1), "b");
  first.send("x");
  EXPECT_EQ(first.read(1), "x");
}

TEST_F(DoorTest, WhatIsNotTakenIsClosed) {
  ASSERT_TRUE(door_->listen(kAnyPort, [](const tcp::socket&) -> asio::awaitable<void> { return {}; }));
  door_->open(1);
  EXPECT_TRUE(is_gone(peer()));
}

TEST_F(DoorTest, AConnectionThatThrowsIsLoggedAndEndsAlone) {
  open({"a"});
  const Peer stays = peer();
  EXPECT_EQ(stays.read(1), "a");
  const Peer goes = peer();
  goes.send("!");
  EXPECT_TRUE(logged("a test connection failed: it was told to"));
  EXPECT_TRUE(is_gone(goes));
  stays.send("x");
  EXPECT_EQ(stays.read(1), "x");
}

// As it is out of descriptors, which would leave none to the sanitizers either: not listening, it cannot accept.
TEST_F(DoorTest, WhatCannotBeAcceptedIsTriedAgain) {
  tcp::acceptor acceptor(asio::any_io_executor(asio::make_strand(*io_)), tcp::v4());
  acceptor.bind({asio::ip::address_v4::loopback(), 0});
  auto take = [](tcp::socket socket) { socket.send(asio::buffer("a", 1)); };
  auto accepting = accept_each(acceptor, *io_, "test", std::move(take));
  asio::co_spawn(acceptor.get_executor(), std::move(accepting), asio::detached);
  door_->open(1);
  EXPECT_TRUE(logged("test cannot accept a connection: Invalid argument"));
  asio::post(acceptor.get_executor(), [&] { acceptor.listen(); });
  EXPECT_TRUE(eventually([&] { return Peer::to(acceptor.local_endpoint().port()).read(1) == "a"; }));
  door_.reset();
}

TEST_F(DoorTest, ClosedItTakesNoNewOneAndKeepsThoseThereAre) {
  open({"a"});
  const Peer stays = peer();
  EXPECT_EQ(stays.read(1), "a");
  door_->close();
  EXPECT_TRUE(eventually([&] { return !peer().send("x"); }));
  stays.send("x");
  EXPECT_EQ(stays.read(1), "x");
}

TEST_F(DoorTest, ConnectionsThatAreLeftEndWithTheirContext) {
  open({"a"});
  const Peer left = peer();
  EXPECT_EQ(left.read(1), "a");
  door_.reset();
  EXPECT_GT(life_.use_count(), 1);
  io_.reset();
  EXPECT_EQ(life_.use_count(), 1);
  EXPECT_TRUE(is_gone(left));
}

TEST_F(DoorTest, AnAddressThatIsTakenIsNamed) {
  open({"a"});
  const base::SocketAddress taken = door_->addresses().front();
  const auto listening = Door(*io_, "other").listen(taken, {});
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().field, "listen");
  EXPECT_THAT(listening.error().message, HasSubstr(taken.to_string()));
}

}  // namespace
}  // namespace sallyport::net
