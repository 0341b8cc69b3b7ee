#include "api/http_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "api/http_server_fixture_test.h"

namespace sallyport::api {
namespace {

using namespace std::chrono_literals;
using testing_client::Answer;
using testing_client::ask;
using testing_client::connect;
using testing_client::started;

TEST(HttpServer, AnswersOverAKeptAliveConnection) {
  const auto server = started();
  const auto client = connect(server->addresses().front());
  for (int i = 0; i < 3; ++i) {
    const Answer answer =
        client->exchange("POST /a%20b?c=d HTTP/1.1\r\nHost: x\r\nx-thing:  1 \r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "POST /a%20b?c=d from 127.0.0.1 x=1\nhello");
    EXPECT_TRUE(answer.has("\r\nDate: "));
    EXPECT_TRUE(answer.has("Content-Type: text/plain"));
  }
  EXPECT_EQ(server->stats().requests, 3U);
  EXPECT_EQ(server->stats().rejected, 0U);
  EXPECT_EQ(server->stats().active_connections, 1U);
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  const auto server = started();
  const auto client = connect(server->addresses().front());
  client->send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(client->receive().body.starts_with("GET /1 "));
  EXPECT_TRUE(client->receive().body.starts_with("GET /2 "));
}

TEST(HttpServer, ClosesWhenAskedTo) {
  const auto server = started();
  for (const char* request : {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
    const auto client = connect(server->addresses().front());
    EXPECT_EQ(client->exchange(request).status, 200) << request;
    EXPECT_TRUE(client->ends()) << request;
  }
}

TEST(HttpServer, TakesChunkedBodies) {
  const auto server = started();
  const Answer answer = ask(*server,
                            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.body.ends_with("\nabcde"));
}

TEST(HttpServer, AnswersHeadWithoutABody) {
  const auto server = started();
  const auto client = connect(server->addresses().front());
  client->send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  const Answer head = client->receive(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(head.has("Content-Length: 25")) << head.head;
  EXPECT_EQ(client->exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200) << "a body followed the head";
}

TEST(HttpServer, ContinuesWhenTheClientWaits) {
  const auto server = started();
  const auto client = connect(server->addresses().front());
  client->send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client->receive().status, 100);
  EXPECT_TRUE(client->exchange("ok").body.ends_with("\nok"));
  EXPECT_EQ(ask(*server, "POST / HTTP/1.1\r\nHost: x\r\nExpect: cake\r\nContent-Length: 2\r\n\r\n").status, 417);
}

TEST(HttpServer, AHandlersExceptionIsA500) {
  const auto server = started();
  const auto client = connect(server->addresses().front());
  const Answer answer = client->exchange("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("as asked"), std::string::npos);
  EXPECT_EQ(client->exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}

TEST(HttpServer, DrainingLetsTheRequestUnderWayEnd) {
  std::promise<void> entered;
  std::promise<void> release;
  auto released = release.get_future().share();
  const auto server = started({}, [&](const HttpRequest&) -> HttpResponse {
    entered.set_value();
    released.wait();
    return {200, {}, "done"};
  });
  const auto idle = connect(server->addresses().front());
  const auto busy = connect(server->addresses().front());
  busy->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  entered.get_future().wait();
  auto drained = std::async(std::launch::async, [&] { server->drain(); });
  EXPECT_TRUE(idle->ends());
  EXPECT_EQ(drained.wait_for(0s), std::future_status::timeout);
  release.set_value();
  const Answer answer = busy->receive();
  EXPECT_EQ(answer.body, "done");
  EXPECT_TRUE(answer.has("Connection: close"));
  EXPECT_TRUE(busy->ends());
  idle->socket().close();
  busy->socket().close();
  drained.get();
  EXPECT_EQ(server->stats().active_connections, 0U);
  EXPECT_THROW(connect(server->addresses().front()), boost::system::system_error);
}

TEST(HttpServer, StopsAtOnceWithConnectionsOpen) {
  auto server = started();
  const auto client = connect(server->addresses().front());
  EXPECT_EQ(client->exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  client->send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n");
  server.reset();
  EXPECT_TRUE(client->ends());
}

TEST(HttpServer, ServesManyClientsAtOnce) {
  const auto server = started({.threads = 4});
  std::atomic<int> good{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&, i] {
      const auto client = connect(server->addresses().front());
      for (int j = 0; j < 50; ++j) {
        const std::string path = "/" + std::to_string(i) + "/" + std::to_string(j);
        if (client->exchange("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").body.starts_with("GET " + path + " "))
          ++good;
      }
    });
  }
  for (std::thread& client : clients)
    client.join();
  EXPECT_EQ(good, 400);
}

}  // namespace
}  // namespace sallyport::api
