#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

#include "api/http_server.h"
#include "api/http_server_fixture_test.h"

namespace sallyport::api {
namespace {

using namespace std::chrono_literals;
using testing_client::Answer;
using testing_client::ask;
using testing_client::connect;
using testing_client::started;

TEST(HttpServerRefusal, TrailersNeverBecomeHeaders) {
  const auto server = started();
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n";
  EXPECT_TRUE(ask(*server, head + "X-Thing: forged\r\n\r\n").body.ends_with("x=\na"));
  std::string many;
  for (int i = 0; i < 20'000; ++i)
    many += "a:b\r\n";
  EXPECT_EQ(ask(*server, head + many + "\r\n").status, 413);
}

TEST(HttpServerRefusal, BoundsTheFramingOfChunks) {
  const auto server = started();
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(ask(*server, head + "1;x=" + std::string(1'000, 'y') + "\r\na\r\n0\r\n\r\n").status, 200);
  EXPECT_EQ(ask(*server, head + "1;x=" + std::string(100'000, 'y')).status, 413);
  std::string tiny;
  for (int i = 0; i < 20'000; ++i)
    tiny += "1\r\na\r\n";
  EXPECT_EQ(ask(*server, head + tiny + "0\r\n\r\n").status, 413);
}

TEST(HttpServerRefusal, RefusesABodyOverItsLimitBeforeReadingIt) {
  const auto server = started();
  const Answer stated =
      ask(*server, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1048577\r\n\r\n");
  EXPECT_EQ(stated.status, 413);
  EXPECT_TRUE(stated.has("Connection: close"));
  EXPECT_TRUE(stated.has("x-amzn-ErrorType: RequestEntityTooLargeException"));
  EXPECT_TRUE(stated.has("x-amzn-RequestId: "));
  EXPECT_EQ(stated.body, R"({"message":"The request body is longer than 1 MiB."})");

  const auto client = connect(server->addresses().front());
  client->send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "10000\r\n" + std::string(0x10000, 'a') + "\r\n";
  for (int i = 0; i < 20 && client->send(chunk); ++i) {
  }
  EXPECT_EQ(client->receive().status, 413) << "the answer must survive a client that is still sending";
  EXPECT_EQ(server->stats().rejected, 2U);
  EXPECT_EQ(server->stats().requests, 0U);
}

TEST(HttpServerRefusal, TakesABodyOfExactlyItsLimit) {
  const auto server = started();
  const Answer answer =
      ask(*server, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n" + std::string(1048576, 'b'));
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.body.ends_with(std::string(1048576, 'b')));
}

TEST(HttpServerRefusal, RefusesAHeaderOverItsLimit) {
  const auto server = started();
  const std::string head = "GET / HTTP/1.1\r\nHost: x\r\nX-Long: ";
  EXPECT_EQ(ask(*server, head + std::string(15'000, 'a') + "\r\n\r\n").status, 200);
  EXPECT_EQ(ask(*server, head + std::string(17'000, 'a') + "\r\n\r\n").status, 431);
  EXPECT_EQ(ask(*server, head + std::string(200'000, 'a') + "\r\n\r\n").status, 431);
  EXPECT_EQ(ask(*server, "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n").status, 431);
  std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 5'000; ++i)
    many += "a:b\r\n";
  EXPECT_EQ(ask(*server, many + "\r\n").status, 431);
}

TEST(HttpServerRefusal, RefusesMessagesWhoseLengthOrHostIsAmbiguous) {
  const auto server = started();
  const std::string smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  for (const char* head : {
           "Host: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n",
           "Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n",
           "Host: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n",
           "Host: x\r\nContent-Length: 4\r\nContent-Length: 4\r\n",
           "Host: x\r\nContent-Length: 4, 4\r\n",
           "Host: x\r\nContent-Length: +4\r\n",
           "Host: x\r\nContent-Length: 0x4\r\n",
           "Host: x\r\nContent-Length: -1\r\n",
           "Host: x\r\nContent-Length: 99999999999999999999999\r\n",
           "Host: x\r\nContent-Length : 4\r\n",
           "Host: x\r\nTransfer-Encoding : chunked\r\n",
           "Host: x\r\nTransfer-Encoding: gzip\r\n",
           "Host: x\r\nTransfer-Encoding: gzip, chunked\r\n",
           "Host: x\r\nTransfer-Encoding: chunked, identity\r\n",
           "Host: x\r\nTransfer-Encoding: xchunked\r\n",
           "Host: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
           "Host: x\r\nHost: y\r\n",
           "",
       }) {
    const auto client = connect(server->addresses().front());
    const Answer answer = client->exchange(std::string("POST / HTTP/1.1\r\n") + head + "\r\n" + smuggled);
    EXPECT_EQ(answer.status, 400) << head << answer.head;
    EXPECT_TRUE(answer.has("Connection: close")) << head;
    EXPECT_TRUE(client->ends()) << head;
  }
  EXPECT_EQ(server->stats().requests, 0U);
  EXPECT_EQ(server->stats().rejected, 18U);
}

TEST(HttpServerRefusal, RefusesGarbage) {
  const auto server = started();
  for (const std::string& garbage : {
           std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello over TLS\r\n\r\n"),
           std::string("hello\r\n\r\n"),
           std::string("GET / HTTP/2.0\r\nHost: x\r\n\r\n"),
           std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
           std::string("GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n"),
           std::string("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"),
           std::string("CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n"),
           std::string("GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n"),
           std::string("GET / HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n", 37),
           std::string("GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n"),
           std::string("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
       }) {
    EXPECT_EQ(ask(*server, garbage).status, 400) << garbage;
  }
  EXPECT_EQ(server->stats().requests, 0U);
  EXPECT_EQ(ask(*server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}

TEST(HttpServerRefusal, SurvivesPeersThatLeave) {
  const auto server = started();
  for (const char* part :
       {"", "G", "GET / HTTP/1.1\r\nHost: x\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab"}) {
    const auto client = connect(server->addresses().front());
    client->send(part);
    client->socket().shutdown(boost::asio::socket_base::shutdown_send);
    EXPECT_TRUE(client->ends()) << part;
  }
  EXPECT_EQ(ask(*server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(server->stats().requests, 1U);
}

TEST(HttpServerRefusal, CutsRequestsThatTakeTooLong) {
  const auto server = started({.request_time = 100ms});
  for (const char* part : {"POST / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab"}) {
    const auto client = connect(server->addresses().front());
    const Answer answer = client->exchange(part);
    EXPECT_EQ(answer.status, 408) << part;
    EXPECT_TRUE(answer.has("Connection: close"));
    EXPECT_TRUE(client->ends());
  }
  EXPECT_EQ(server->stats().rejected, 2U);
  EXPECT_TRUE(connect(server->addresses().front())->ends()) << "a silent connection is closed without a word";
}

TEST(HttpServerRefusal, DrippingBytesDoesNotBuyTime) {
  const auto server = started({.request_time = 200ms});
  const auto client = connect(server->addresses().front());
  std::atomic<bool> done{false};
  const int socket = client->socket().native_handle();  // the client itself is for one thread
  ASSERT_EQ(::send(socket, "GET /", 5, MSG_NOSIGNAL), 5);
  std::thread dripping([&done, socket] {
    for (int i = 0; i < 2'000 && !done && ::send(socket, "a", 1, MSG_NOSIGNAL) == 1; ++i) {
      std::this_thread::sleep_for(5ms);
    }
  });
  const Answer answer = client->receive();
  done = true;
  dripping.join();
  EXPECT_EQ(answer.status, 408);
}

TEST(HttpServerRefusal, AHandlersHeaderCannotBeginAnother) {
  const auto server = started();
  const Answer answer = ask(*server, "GET /split HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.has("\r\nX-B: b"));
}

TEST(HttpServerRefusal, TurnsConnectionsAwayPastTheLimit) {
  const auto server = started({.max_connections = 2});
  const auto first = connect(server->addresses().front());
  const auto second = connect(server->addresses().front());
  EXPECT_EQ(first->exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(second->exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(connect(server->addresses().front())->receive().status, 503);
  EXPECT_EQ(first->exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200) << "the old ones live";
}

}  // namespace
}  // namespace sallyport::api
