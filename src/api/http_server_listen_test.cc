#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "api/http_server.h"
#include "api/http_server_fixture_test.h"
#include "base/test_folder.h"

namespace sallyport::api {
namespace {

using testing_client::Answer;
using testing_client::connect;
using testing_client::echo;
using testing_client::kAnyPort;
using testing_client::started;

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

// The address of the first, and how a second is to find its socket.
HttpServerConfig successor_of(HttpServer& server) {
  HttpServerConfig config{.listen = server.addresses(), .hold = true};
  auto shared = std::make_shared<std::vector<base::Descriptor>>(server.share_listeners());
  config.listening_at = [shared](const base::SocketAddress&) { return std::move(shared->front()); };
  return config;
}

TEST(HttpServer, ASuccessorAnswersWhatCameAfterTheDrain) {
  auto first = started();
  const auto second = started(successor_of(*first));
  EXPECT_EQ(testing_client::ask(*first, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(second->stats().requests, 0U) << "it was told to hold";
  first->drain();
  const auto waiting = connect(second->addresses().front());
  first.reset();
  second->begin();
  EXPECT_EQ(waiting->exchange("GET /b HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ(second->stats().requests, 1U);
}

TEST(HttpServer, AConnectionMadeJustBeforeTheDrainHasItsFirstRequestAnswered) {
  const auto server = started();
  const auto client = connect(server->addresses().front());
  while (server->stats().active_connections == 0)
    std::this_thread::yield();
  std::thread draining([&] { server->drain(); });
  EXPECT_EQ(client->exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  draining.join();
}

class HttpServerFiles : public testing::Test {
 protected:
  std::string in_folder(const char* name) const { return folder_ / name; }

  base::TestFolder folder_;
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
