#include "app/server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <vector>

#include <boost/json.hpp>

#include "app/admin_client.h"
#include "app/environment.h"
#include "app/test_pem.h"
#include "base/test_folder.h"

namespace sallyport::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const auto kPatient = [] { return false; };

sockaddr_in at_loopback(std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return at;
}

// TCP ports of 127.0.0.1 that nobody has at this moment. All are held until the last is found: one let go may be the
// next one given.
template <std::size_t kCount>
std::array<std::uint16_t, kCount> free_ports() {
  std::array<std::uint16_t, kCount> ports{};
  std::vector<base::Descriptor> held;
  for (auto& port : ports) {
    const auto& socket = held.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in at = at_loopback(0);
    socklen_t size = sizeof(at);
    EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&at), sizeof(at)), 0);
    EXPECT_EQ(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&at), &size), 0);
    port = ntohs(at.sin_port);
  }
  return ports;
}

std::string http_get(std::uint16_t port, const std::string& target) {
  const base::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in at = at_loopback(port);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&at), sizeof(at)) != 0) return "no connection";
  const std::string request = "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  EXPECT_EQ(::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
  std::string answer;
  std::array<char, 4096> chunk{};
  for (ssize_t got = 0; (got = ::recv(socket.get(), chunk.data(), chunk.size(), 0)) > 0;) {
    answer.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return answer;
}

// A configuration for all roles on loopback.
class WholeServer : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write("ca.crt", make_pem("ca").certificate);
    const auto [api, gateway, dns, metrics, server] = free_ports<5>();
    metrics_port_ = metrics;
    const auto address = [](std::uint16_t port) { return "\"127.0.0.1:" + std::to_string(port) + "\""; };
    text_ = "[server]\ndata_dir = \"data\"\n[api]\nlisten = [" + address(api) + "]\n[gateway]\npublic = [" +
            address(gateway) + "]\nkernel_filter = false\n[dns]\npublic = [" + address(dns) +
            "]\n[metrics]\nlisten = [" + address(metrics) + "]\n[[pool]]\nname = \"p\"\nservers = [" + address(server) +
            "]\nca_file = \"ca.crt\"\n";
    const auto config = load_config(folder_.write("sallyport.toml", text_));
    ASSERT_TRUE(config) << describe(config.error().front(), "");
    config_ = *config;
    paths_.root = config_.data_dir;
  }

  std::unique_ptr<Server> opened() {
    auto server = Server::start(config_);
    EXPECT_TRUE(server) << server.error().message;
    if (!server) return nullptr;
    const auto open = (*server)->open_for_business(kPatient);
    EXPECT_TRUE(open && *open) << (open ? "gave up" : open.error().message);
    return *std::move(server);
  }

  const base::TestFolder folder_;
  std::uint16_t metrics_port_ = 0;
  std::string text_;
  Config config_;
  DataPaths paths_;
};

TEST_F(WholeServer, AnswersTheOperatorOnItsSocket) {
  const auto server = opened();
  ASSERT_TRUE(server);
  const auto status = ask_server(paths_, request_target({"v1", "status"}, {}));
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(status->at("subnets").as_array().size(), 3U);
  EXPECT_EQ(status->at("vpcs").as_array().size(), 1U);
  EXPECT_EQ(status->at("nodes").as_array().size(), 2U);
  EXPECT_EQ(status->at("listeners").as_array().size(), 1U);
  for (const auto& node : status->at("nodes").as_array()) {
    EXPECT_EQ(node.at("acknowledged").to_number<std::uint64_t>(), status->at("revision").to_number<std::uint64_t>());
  }
  const auto explained =
      ask_server(paths_, request_target({"v1", "explain"}, {{"cluster", "no/such"}, {"source", "1.2.3.4"}}));
  ASSERT_FALSE(explained);
  EXPECT_EQ(explained.error().kind, base::ErrorKind::kNotFound);
  EXPECT_THAT(explained.error().message, HasSubstr("no/such"));
  const auto wrong = ask_server(paths_, request_target({"v1", "explain"}, {{"cluster", "c"}, {"source", "localhost"}}));
  EXPECT_THAT(wrong.error().message, HasSubstr("localhost"));
  EXPECT_THAT(ask_server(paths_, request_target({"v1", "clusters", "a b/?"}, {})).error().message, HasSubstr("a b/?"));
  EXPECT_EQ(ask_server(paths_, "/v2").error().kind, base::ErrorKind::kNotFound);
}

TEST_F(WholeServer, ServesMetricsAndProbesUntilItDrains) {
  const auto server = opened();
  ASSERT_TRUE(server);
  EXPECT_THAT(http_get(metrics_port_, "/metrics"),
              AllOf(HasSubstr("200 OK"), HasSubstr("text/plain; version=0.0.4"), HasSubstr("sallyport_build_info{"),
                    HasSubstr("sallyport_gateway_connections_active 0")));
  EXPECT_THAT(http_get(metrics_port_, "/healthz"), HasSubstr("200 OK"));
  EXPECT_THAT(http_get(metrics_port_, "/readyz"), HasSubstr("200 OK"));
  EXPECT_THAT(http_get(metrics_port_, "/other"), HasSubstr("404 "));
  server->drain();
  EXPECT_THAT(http_get(metrics_port_, "/readyz"), HasSubstr("503 "));
  EXPECT_THAT(http_get(metrics_port_, "/healthz"), HasSubstr("200 OK"));
}

TEST_F(WholeServer, KeepsItsKeyAndNetworkOverARestart) {
  const auto network = [&] {
    return boost::json::serialize(ask_server(paths_, request_target({"v1", "status"}, {})).value().at("subnets"));
  };
  const auto credentials = [&] {
    std::ifstream file(paths_.credentials());
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  auto server = opened();
  ASSERT_TRUE(server);
  const std::string key = credentials();
  const std::string subnets = network();
  server.reset();
  EXPECT_EQ(ask_server(paths_, "/v1/status").error().kind, base::ErrorKind::kUnavailable);
  server = opened();
  ASSERT_TRUE(server);
  EXPECT_EQ(credentials(), key);
  EXPECT_EQ(network(), subnets);
  EXPECT_EQ(read_endpoint_record(paths_).value().url, "http://" + config_.api.listen[0].to_string());
}

TEST_F(WholeServer, ASecondOneOnTheSameFolderIsRefused) {
  const auto server = opened();
  ASSERT_TRUE(server);
  const auto second = Server::start(config_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr(config_.data_dir));
}

TEST_F(WholeServer, ATakenAddressIsNamed) {
  const base::Descriptor taken(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in at = at_loopback(config_.gateway.listeners[0].bind.port);
  ASSERT_EQ(::bind(taken.get(), reinterpret_cast<const sockaddr*>(&at), sizeof(at)), 0);
  ASSERT_EQ(::listen(taken.get(), 1), 0);
  const auto server = Server::start(config_);
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().message, HasSubstr(config_.gateway.listeners[0].bind.to_string()));
}

TEST_F(WholeServer, WorksUnderALongPath) {
  config_.data_dir += "/" + std::string(120, 'd');
  paths_.root = config_.data_dir;
  const auto server = opened();
  ASSERT_TRUE(server);
  EXPECT_TRUE(ask_server(paths_, "/v1/status"));
}

TEST_F(WholeServer, RolesMustCoverWhatIsConfigured) {
  EXPECT_TRUE(check_roles("", config_));
  EXPECT_TRUE(check_roles("control,gateway,dns", config_));
  EXPECT_THAT(check_roles("control,gateway", config_).error().message, HasSubstr("leaves out dns"));
  EXPECT_THAT(check_roles("gateway,dns", config_).error().message, HasSubstr("leaves out control"));
  EXPECT_THAT(check_roles("control,gatway", config_).error().message, HasSubstr("\"gatway\" is unknown"));
  config_.dns = {};
  EXPECT_TRUE(check_roles("control,gateway", config_));
  EXPECT_THAT(check_roles("control", config_).error().message, HasSubstr("leaves out gateway"));
}

}  // namespace
}  // namespace sallyport::app
