#include "api/http_server.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <stdexcept>
#include <thread>

#include "api/http_client_test.h"

namespace sallyport::api {
namespace {

using namespace std::chrono_literals;
using testing_client::Answer;
using testing_client::connect;

const base::SocketAddress kAnyPort = *base::SocketAddress::parse("127.0.0.1:0");

// Says what it was asked, so that a test sees what a handler saw.
HttpResponse echo(const HttpRequest& request) {
  if (request.target == "/throw") throw std::runtime_error("as asked");
  if (request.target == "/split") return {200, {{"X-A", "a\r\nX-B: b"}}, ""};
  std::string body = request.method + " " + request.target + " from " + request.source.to_string() +
                     (request.over_tls ? " over TLS" : "") + " x=" + std::string(request.header("X-THING")) + "\n";
  return {200, {{"Content-Type", "text/plain"}}, body + request.body};
}

std::unique_ptr<HttpServer> started(HttpServerConfig config = {}, HttpHandler handler = echo) {
  if (config.listen.empty()) config.listen = {kAnyPort};
  auto server = HttpServer::start(std::move(config), std::move(handler));
  if (!server) throw std::runtime_error(server.error().message);
  return std::move(*server);
}

Answer ask(const HttpServer& server, std::string_view request) {
  return connect(server.addresses().front())->exchange(request);
}

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
  EXPECT_TRUE(head.has("Content-Length: 27")) << head.head;
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

TEST(HttpServer, RefusesABodyOverItsLimitBeforeReadingIt) {
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

TEST(HttpServer, TakesABodyOfExactlyItsLimit) {
  const auto server = started();
  const Answer answer =
      ask(*server, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n" + std::string(1048576, 'b'));
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.body.ends_with(std::string(1048576, 'b')));
}

TEST(HttpServer, RefusesAHeaderOverItsLimit) {
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

TEST(HttpServer, RefusesMessagesWhoseLengthOrHostIsAmbiguous) {
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

TEST(HttpServer, RefusesGarbage) {
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
           std::string("GET / HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n", 42),
           std::string("GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n"),
           std::string("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
       }) {
    EXPECT_EQ(ask(*server, garbage).status, 400) << garbage;
  }
  EXPECT_EQ(server->stats().requests, 0U);
  EXPECT_EQ(ask(*server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}

TEST(HttpServer, SurvivesPeersThatLeave) {
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

TEST(HttpServer, CutsRequestsThatTakeTooLong) {
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

TEST(HttpServer, DrippingBytesDoesNotBuyTime) {
  const auto server = started({.request_time = 200ms});
  const auto client = connect(server->addresses().front());
  std::atomic<bool> done{false};
  std::thread dripping([&] {
    for (int i = 0; i < 2'000 && !done; ++i) {
      boost::system::error_code error;
      boost::asio::write(client->stream(), boost::asio::buffer(i == 0 ? "GET /" : "a", i == 0 ? 5 : 1), error);
      std::this_thread::sleep_for(5ms);
    }
  });
  const Answer answer = client->receive();
  done = true;
  dripping.join();
  EXPECT_EQ(answer.status, 408);
}

TEST(HttpServer, AHandlersExceptionIsA500) {
  const auto server = started();
  const auto client = connect(server->addresses().front());
  const Answer answer = client->exchange("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("as asked"), std::string::npos);
  EXPECT_EQ(client->exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}

TEST(HttpServer, AHandlersHeaderCannotBeginAnother) {
  const auto server = started();
  const Answer answer = ask(*server, "GET /split HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.has("\r\nX-B: b"));
}

TEST(HttpServer, TurnsConnectionsAwayPastTheLimit) {
  const auto server = started({.max_connections = 2});
  const auto first = connect(server->addresses().front());
  const auto second = connect(server->addresses().front());
  EXPECT_EQ(first->exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(second->exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(connect(server->addresses().front())->receive().status, 503);
  EXPECT_EQ(first->exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200) << "the old ones live";
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

TEST(HttpServer, ListensOnSeveralAddresses) {
  const auto server = started({.listen = {kAnyPort, *base::SocketAddress::parse("127.0.0.2:0")}});
  ASSERT_EQ(server->addresses().size(), 2U);
  for (const base::SocketAddress& address : server->addresses()) {
    EXPECT_NE(address.port, 0);
    EXPECT_EQ(connect(address)->exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  }
}

TEST(HttpServer, AnAddressInUseIsNamed) {
  const auto server = started();
  const auto second = HttpServer::start({.listen = {server->addresses().front()}}, echo);
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().message.find(server->addresses().front().to_string()), std::string::npos);
  EXPECT_FALSE(HttpServer::start({}, echo).has_value());
}

class HttpServerFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "sallyport-http-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string in_folder(const char* name) const { return folder_ + "/" + name; }

  std::string folder_;
};

TEST_F(HttpServerFiles, UnixSocketIsPrivateAndRemoved) {
  const std::string path = in_folder("api.sock");
  auto server = started({.unix_socket = path});
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  testing_client::UnixClient client;
  client.socket().connect(boost::asio::local::stream_protocol::endpoint(path));
  const Answer answer = client.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.body.starts_with("GET / from 127.0.0.1 "));

  const auto second = HttpServer::start({.unix_socket = path}, echo);
  ASSERT_FALSE(second.has_value()) << "a living server's socket was taken";
  EXPECT_EQ(second.error().kind, base::ErrorKind::kInUse);
  EXPECT_TRUE(std::filesystem::exists(path));
  server.reset();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(HttpServerFiles, UnixSocketOfADeadProcessIsReplaced) {
  const std::string path = in_folder("api.sock");
  {
    boost::asio::io_context io;
    boost::asio::local::stream_protocol::acceptor dead(io, boost::asio::local::stream_protocol::endpoint(path));
  }
  ASSERT_TRUE(std::filesystem::exists(path));
  const auto server = started({.unix_socket = path});
  testing_client::UnixClient client;
  client.socket().connect(boost::asio::local::stream_protocol::endpoint(path));
  EXPECT_EQ(client.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}

TEST_F(HttpServerFiles, AFileInTheUnixSocketsPlaceIsLeftAlone) {
  const std::string path = in_folder("api.sock");
  std::ofstream(path) << "precious";
  const auto server = HttpServer::start({.unix_socket = path}, echo);
  ASSERT_FALSE(server.has_value());
  EXPECT_NE(server.error().message.find(path), std::string::npos);
  EXPECT_EQ(std::filesystem::file_size(path), 8U);
  EXPECT_FALSE(HttpServer::start({.unix_socket = in_folder(std::string(200, 'a').c_str())}, echo).has_value());
}

TEST_F(HttpServerFiles, SpeaksTls12AndLater) {
  ASSERT_TRUE(testing_client::write_certificate(in_folder("cert.pem"), in_folder("key.pem")));
  const auto server = started({.tls_cert_file = in_folder("cert.pem"), .tls_key_file = in_folder("key.pem")});
  const auto endpoint = testing_client::endpoint_of(server->addresses().front());

  boost::asio::ssl::context tls(boost::asio::ssl::context::tls_client);
  tls.load_verify_file(in_folder("cert.pem"));
  tls.set_verify_mode(boost::asio::ssl::verify_peer);
  testing_client::TlsClient client(tls);
  client.stream().next_layer().connect(endpoint);
  client.stream().handshake(boost::asio::ssl::stream_base::client);
  for (int i = 0; i < 2; ++i) {
    const Answer answer = client.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body.starts_with("GET / from 127.0.0.1 over TLS"));
  }
  EXPECT_EQ(client.exchange("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n").status, 413);

  boost::asio::ssl::context old(boost::asio::ssl::context::tls_client);
  SSL_CTX_set_security_level(old.native_handle(), 0);
  SSL_CTX_set_min_proto_version(old.native_handle(), TLS1_1_VERSION);
  SSL_CTX_set_max_proto_version(old.native_handle(), TLS1_1_VERSION);
  testing_client::TlsClient refused(old);
  refused.stream().next_layer().connect(endpoint);
  boost::system::error_code error;
  refused.stream().handshake(boost::asio::ssl::stream_base::client, error);
  EXPECT_TRUE(error) << "TLS 1.1 was accepted";

  EXPECT_EQ(connect(server->addresses().front())->exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 0)
      << "plain HTTP was answered";
}

TEST_F(HttpServerFiles, TlsFilesAreChecked) {
  ASSERT_TRUE(testing_client::write_certificate(in_folder("cert.pem"), in_folder("key.pem")));
  ASSERT_TRUE(testing_client::write_certificate(in_folder("other.pem"), in_folder("other-key.pem")));
  const auto start = [&](const char* cert, const char* key) {
    return HttpServer::start({.listen = {kAnyPort}, .tls_cert_file = in_folder(cert), .tls_key_file = in_folder(key)},
                             echo);
  };
  EXPECT_TRUE(start("cert.pem", "key.pem").has_value());
  EXPECT_EQ(start("none.pem", "key.pem").error().field, "tls_cert_file");
  EXPECT_EQ(start("key.pem", "key.pem").error().field, "tls_cert_file");
  EXPECT_EQ(start("cert.pem", "none.pem").error().field, "tls_key_file");
  EXPECT_EQ(start("cert.pem", "other-key.pem").error().field, "tls_key_file");
  EXPECT_EQ(HttpServer::start({.listen = {kAnyPort}, .tls_cert_file = in_folder("cert.pem")}, echo).error().field,
            "tls_key_file");
}

}  // namespace
}  // namespace sallyport::api
