#include "api/workplace/terminal_gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <mutex>
#include <thread>

#include "api/http_server_fixture_test.h"
#include "api/workplace/test_ticket.h"
#include "base/descriptor.h"

namespace sallyport::api::workplace {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kGranted =
    "HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: sallyport-terminal.v1\r\n"
    "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n";

sockaddr* generic(sockaddr_in& at) { return reinterpret_cast<sockaddr*>(&at); }

// A socket of which every wait is bounded.
base::Descriptor open_socket() {
  base::Descriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval patience{10, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  return fd;
}

// What comes until `end` has come or the peer closes.
std::string read_until(const base::Descriptor& fd, std::string_view end) {
  std::string text;
  char byte = 0;
  while ((end.empty() || !text.ends_with(end)) && ::recv(fd.get(), &byte, 1, 0) == 1)
    text += byte;
  return text;
}

void send(const base::Descriptor& fd, const std::string& text) {
  ASSERT_EQ(::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
}

// A host that gives one answer and says nothing more until its peer is gone.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : listener_(open_socket()) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(at);
    EXPECT_EQ(::bind(listener_.get(), generic(at), sizeof(at)), 0);
    EXPECT_EQ(::listen(listener_.get(), 1), 0);
    EXPECT_EQ(::getsockname(listener_.get(), generic(at), &size), 0);
    port = ntohs(at.sin_port);
    thread_ = std::thread([this, answer = std::move(answer)] {
      const base::Descriptor peer(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      read_until(peer, "\r\n\r\n");
      send(peer, answer);
      read_until(peer, "");
    });
  }
  ~OneAnswer() { thread_.join(); }
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;

  std::uint16_t port = 0;

 private:
  base::Descriptor listener_;
  std::thread thread_;
};

class TerminalGateTest : public testing::Test {
 protected:
  // All that a browser hears which opens a terminal at a host that answers so.
  std::string browse(std::string answer, RelayTimes times, Look look) {
    const OneAnswer host(std::move(answer));
    const auto client = HostClient::make(
        {.tls = false, .host = "127.0.0.1", .port = host.port, .ca_file = std::nullopt, .secret = "secret"});
    Tickets tickets;
    tickets.put(kTicket, Pass{.session = "ws-1"}, std::chrono::steady_clock::now());
    TerminalGate gate(**client, tickets, times, std::move(look), [this](const Closed& closed) {
      const std::lock_guard lock(mutex_);
      ends_.push_back(closed.end);
      bytes_ += closed.bytes_to_browser;
    });
    HttpServerConfig config;
    config.upgrades = &gate;
    const auto server = testing_client::started(std::move(config));
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(server->addresses().front().port);
    const base::Descriptor browser = open_socket();
    EXPECT_EQ(::connect(browser.get(), generic(at), sizeof(at)), 0);
    send(browser,
         "GET /sallyport/workplace HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
         "Sec-WebSocket-Protocol: sallyport-terminal.v1, sallyport-ticket." +
             kTicket + "\r\n\r\n");
    return read_until(browser, "");
  }
  std::vector<End> ends() {
    const std::lock_guard lock(mutex_);
    return ends_;
  }

  std::mutex mutex_;
  std::vector<End> ends_;
  std::uint64_t bytes_ = 0;
};

TEST_F(TerminalGateTest, AHostThatIsSilentIsAnEnd) {
  const auto good = [](const Pass&) { return Standing::kGood; };
  const std::string heard = browse(kGranted + "\x81\x02hi", {.host_silence = 20ms}, good);
  EXPECT_THAT(heard, StartsWith("HTTP/1.1 101 "));
  EXPECT_THAT(heard, HasSubstr("\x81\x02hi\x81"));
  EXPECT_THAT(heard, HasSubstr(R"({"type":"ended","reason":"failed","code":0,"message":)"));
  EXPECT_THAT(heard, EndsWith("\x88\x02\x03\xf3"));
  EXPECT_THAT(ends(), ElementsAre(End::kHostSilent));
  EXPECT_EQ(bytes_, 4U);
}

TEST_F(TerminalGateTest, WhatIsAllowedNoLongerEndsAndWhatCannotBeToldGoesOn) {
  int looks = 0;
  const auto look = [&](const Pass& pass) -> std::optional<Standing> {
    EXPECT_EQ(pass.session, "ws-1");
    ++looks;
    if (looks == 1) return Standing::kGood;
    if (looks < 4) return std::nullopt;
    return Standing::kKeyGone;
  };
  const std::string heard = browse(kGranted, {.check_pause = 1ms}, look);
  EXPECT_THAT(heard, HasSubstr(R"({"type":"ended","reason":"revoked","code":0,"message":)"));
  EXPECT_THAT(heard, EndsWith("\x88\x02\x03\xf0"));
  EXPECT_THAT(ends(), ElementsAre(End::kKeyGone));
  EXPECT_EQ(looks, 4);
}

TEST_F(TerminalGateTest, NoFrameIsPutIntoAnotherOne) {
  const auto gone = [](const Pass&) { return Standing::kClusterGone; };
  const std::string heard = browse(kGranted + "\x81\x05hel", {.check_pause = 1ms}, gone);
  EXPECT_THAT(heard, EndsWith("\r\n\r\n\x81\x05hel"));
  EXPECT_THAT(ends(), ElementsAre(End::kClusterGone));
}

TEST_F(TerminalGateTest, ATicketThatIsUsedUpForNothingIsRecorded) {
  const auto good = [](const Pass&) { return Standing::kGood; };
  EXPECT_THAT(browse("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", {}, good), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(ends(), ElementsAre(End::kNotOpened));
}

}  // namespace
}  // namespace sallyport::api::workplace
