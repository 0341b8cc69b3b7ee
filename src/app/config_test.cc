#include "app/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sstream>

#include "app/test_config.h"
#include "base/test_folder.h"

namespace sallyport::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Files the tests' configurations may name; every other path does not exist.
const ReadFile& test_files() {
  static const ReadFile files =
      reader_of({{"/etc/kubernetes/pki/ca.crt", test_pem().certificate},
                 {"/conf/ca.crt", test_pem().certificate},
                 {"/conf/api.crt", test_pem().certificate},
                 {"/conf/api.key", test_pem().key},
                 {"/conf/other.key", make_pem("other").key},
                 {"/conf/text", "no certificate here"},
                 {"/conf/damaged.crt",
                  test_pem().certificate + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}});
  return files;
}

auto parse(const std::string& text) { return parse_config(text, "/conf/sallyport.toml", test_files()); }

std::vector<std::string> errors_of(const std::string& text) { return errors_in(parse(text)); }

const std::string kPool = "[[pool]]\nname = \"p\"\nservers = [\"10.0.0.5:6443\"]\nca_file = \"ca.crt\"\n";

TEST(Config, MinimalFileHasTheDefaults) {
  const auto config = parse("[gateway]\npublic = [\"203.0.113.10:443\"]\n" + kPool);
  ASSERT_TRUE(config) << describe(config.error().front(), "");
  EXPECT_EQ(config->region.str(), "us-east-1");
  EXPECT_EQ(config->account.str(), "000000000000");
  EXPECT_EQ(config->data_dir, "/var/lib/sallyport");
  EXPECT_EQ(config->zone, "sallyport.internal");
  EXPECT_EQ(config->default_vpc_cidr.to_string(), "172.31.0.0/16");
  EXPECT_EQ(config->handover_drain, std::chrono::hours(1));
  ASSERT_EQ(config->api.listen.size(), 1U);
  EXPECT_EQ(config->api.listen[0].to_string(), "127.0.0.1:8787");
  EXPECT_TRUE(config->gateway.kernel_filter);
  EXPECT_FALSE(config->refuse_reserved_cidrs);
  EXPECT_TRUE(config->has_gateway());
  EXPECT_FALSE(config->has_dns());
  EXPECT_TRUE(config->metrics.empty());
  EXPECT_EQ(config->max_clusters, 100'000U);
  EXPECT_EQ(config->default_kubernetes_version, "1.34");
  ASSERT_EQ(config->pools.size(), 1U);
  EXPECT_EQ(config->pools[0].ca_pem, test_pem().certificate);
  EXPECT_FALSE(config->pools[0].send_proxy_protocol);
}

// The example of docs and packaging, shipped as it stands.
TEST(Config, ThePackagedExampleParses) {
  const auto path = std::filesystem::path(__FILE__).parent_path() / "../../packaging/sallyport.toml";
  std::ifstream file(path);
  ASSERT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  const auto config = parse(text.str());
  ASSERT_TRUE(config) << describe(config.error().front(), "sallyport.toml");
  EXPECT_EQ(config->gateway.listeners.size(), 2U);
  EXPECT_EQ(config->dns.resolvers.size(), 1U);
  EXPECT_EQ(config->pools[0].servers.size(), 2U);
}

TEST(Config, ReadsEveryForm) {
  const auto config = parse(R"(
[server]
region = "eu-west-2"
account_id = "123456789012"
data_dir = "state"
zone = "K8s.Example.com"
default_vpc_cidr = "10.0.0.0/16"
handover_drain_seconds = 90
[api]
listen = ["[::1]:1", "10.0.0.1:2"]
tls_cert_file = "api.crt"
tls_key_file = "api.key"
[gateway]
public = [{ bind = "0.0.0.0:443", advertise = "203.0.113.10:443" }, "[2001:db8::10]:443"]
private = [{ bind = "10.0.1.10:8443", advertise = "10.0.1.10:443", subnet = "subnet-0123456789abcdef0", device = "vrf-a" }]
proxy_protocol_from = ["192.0.2.0/28"]
refuse_reserved_cidrs = true
workers = 3
max_connections = 1000
kernel_filter = false
[dns]
public = ["203.0.113.10:53"]
resolvers = ["10.0.0.2:53", { bind = "10.0.0.3:53", vpc = "vpc-0123456789abcdef0" }]
forward = ["9.9.9.9:53"]
[metrics]
listen = ["0.0.0.0:9787"]
[eks]
max_clusters = 100
default_kubernetes_version = "1.36"
[ec2]
elastic_ip_pool = ["203.0.113.64/26", "198.51.100.7/32"]
[store]
backend = "sqlite"
[[pool]]
name = "a"
servers = ["10.0.0.5:6443"]
ca_file = "ca.crt"
send_proxy_protocol = true
)");
  ASSERT_TRUE(config) << describe(config.error().front(), "");
  EXPECT_EQ(config->data_dir, "/conf/state");
  EXPECT_EQ(config->zone, "k8s.example.com");
  EXPECT_EQ(config->api.tls_cert_file, "/conf/api.crt");
  ASSERT_EQ(config->gateway.listeners.size(), 3U);
  const auto& natted = config->gateway.listeners[0];
  EXPECT_EQ(natted.bind.to_string(), "0.0.0.0:443");
  EXPECT_EQ(natted.advertise.to_string(), "203.0.113.10:443");
  EXPECT_EQ(natted.side, model::Listener::Side::kPublic);
  const auto& inside = config->gateway.listeners[2];
  EXPECT_EQ(inside.side, model::Listener::Side::kPrivate);
  EXPECT_EQ(inside.advertise.to_string(), "10.0.1.10:443");  // the port clients see, as for the others
  EXPECT_EQ(inside.subnet->str(), "subnet-0123456789abcdef0");
  EXPECT_EQ(inside.device, "vrf-a");
  EXPECT_EQ(config->gateway.workers, 3U);
  EXPECT_EQ(config->gateway.max_connections, 1000U);
  EXPECT_FALSE(config->gateway.kernel_filter);
  EXPECT_EQ(config->gateway.proxy_protocol_from[0].to_string(), "192.0.2.0/28");
  EXPECT_TRUE(config->refuse_reserved_cidrs);
  EXPECT_EQ(config->dns.resolvers[1].vpc->str(), "vpc-0123456789abcdef0");
  EXPECT_EQ(config->max_clusters, 100U);
  EXPECT_EQ(config->handover_drain, std::chrono::seconds(90));
  ASSERT_EQ(config->elastic_ip_pool.size(), 2U);
  EXPECT_EQ(config->elastic_ip_pool[1].to_string(), "198.51.100.7/32");
  EXPECT_EQ(config->default_kubernetes_version, "1.36");
  EXPECT_TRUE(config->pools[0].send_proxy_protocol);
}

TEST(Config, ReportsEveryErrorInOneGo) {
  const std::string text = R"([server]
region = 7
account_id = "12"
zone = "not a zone"
[gateway]
public = ["203.0.113.10"]
privat = []
[[pool]]
name = "p"
servers = []
)";
  EXPECT_THAT(
      errors_of(text),
      ElementsAre(HasSubstr("2 [server] region: must be a string"), HasSubstr("3 [server] account_id: must be twelve"),
                  HasSubstr("4 [server] zone: is not a DNS name"), HasSubstr("6 [gateway] public: has no port"),
                  HasSubstr("7 [gateway] privat: is not a key of [gateway]; did you mean private?"),
                  HasSubstr("8 [[pool]] ca_file: is missing"),
                  HasSubstr("10 [[pool]] servers: must hold at least one")));
}

TEST(Config, DescribesAnErrorAsFileLineKeyValueRemedy) {
  EXPECT_EQ(describe({5, "[gateway] public", "\"a\"", "has no port"}, "f.toml"),
            "f.toml:5: [gateway] public = \"a\": has no port");
  EXPECT_EQ(describe({0, "", "", "cannot be read"}, "f.toml"), "f.toml: cannot be read");
}

struct Bad {
  std::string text;
  std::string said;
};

class ConfigRefusal : public testing::TestWithParam<Bad> {};

TEST_P(ConfigRefusal, NamesLineKeyAndRemedy) {
  EXPECT_THAT(errors_of(GetParam().text), ElementsAre(HasSubstr(GetParam().said)));
}

INSTANTIATE_TEST_SUITE_P(
    Every, ConfigRefusal,
    testing::Values(
        Bad{"[gatewya]\n", "1 gatewya: is not a section of this file; did you mean [gateway]?"},
        Bad{"[zzzzzzzzzz]\n", "it knows server, api, gateway"},
        Bad{"[server]\nregion = \"us_east\"\n", "2 [server] region: is not shaped like a region"},
        Bad{"[server]\nregion = \"us-east\"\n", "such as \"us-east-1\""},
        Bad{"[server]\naccount_id = \"00000000000a\"\n", "twelve digits"},
        Bad{"[server]\ndata_dir = \"\"\n", "must name a folder"},
        Bad{"[server]\nzone = \"example.com.\"\n", "leave out the dot"},
        Bad{"[server]\nzone = \"-a.b\"\n", "is not a DNS name"},
        Bad{"[server]\nzone = \"" + std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') +
                "." + std::string(20, 'd') + "\"\n",
            "is too long"},
        Bad{"[server]\ndefault_vpc_cidr = \"10.0.0.1/16\"\n", "[server] default_vpc_cidr"},
        Bad{"[server]\ndefault_vpc_cidr = \"10.0.0.0/8\"\n", "/16 to /28"},
        Bad{"[server]\nhandover_drain_seconds = -1\n", "from 0 to 604800"},
        Bad{"server = 1\n", "1 server: must be a section: write [server]"},
        Bad{"[api]\nlisten = \"127.0.0.1:1\"\n", "must be a list of strings"},
        Bad{"[api]\nlisten = []\n", "2 [api] listen: must hold an address"},
        Bad{"[api]\nlisten = [\"127.0.0.1:0\"]\n", "port 0 would be a different one"},
        Bad{"[api]\nlisten = [\"127.0.0.1:65536\"]\n", "not a number from 1 to 65535"},
        Bad{"[api]\nlisten = [\"localhost:80\"]\n", "is a name; only addresses"},
        Bad{"[api]\nlisten = [\"::1:80\"]\n", "has no port; write it like"},
        Bad{"[api]\nlisten = [7]\n", "must be a list of strings in quotes"},
        Bad{"[api]\nlisten = [\"10.0.0.1:80\"]\n", "is not a loopback address"},
        Bad{"[api]\ntls_cert_file = \"api.crt\"\n", "needs tls_key_file beside it"},
        Bad{"[api]\ntls_key_file = \"api.key\"\n", "needs tls_cert_file beside it"},
        Bad{"[api]\ntls_cert_file = \"absent\"\ntls_key_file = \"api.key\"\n", "2 [api] tls_cert_file: cannot be read"},
        Bad{"[api]\ntls_cert_file = \"api.crt\"\ntls_key_file = \"other.key\"\n",
            "3 [api] tls_key_file: is not the key"},
        Bad{"[api]\ntls_cert_file = \"api.crt\"\ntls_key_file = \"text\"\n", "holds no PEM private key"},
        Bad{"[gateway]\npublic = [\"0.0.0.0:443\"]\n", "advertise = "},
        Bad{"[gateway]\npublic = [{ advertise = \"1.2.3.4:443\" }]\n", "2 [gateway] public bind: is missing"},
        Bad{"[gateway]\npublic = [{ bind = \"1.2.3.4:443\", subnet = \"subnet-0123456789abcdef0\" }]\n",
            "subnet: is not a key of [gateway] public"},
        Bad{"[gateway]\nprivate = [{ bind = \"1.2.3.4:443\", subnet = \"a\" }]\n", "is not a subnet id"},
        Bad{"[gateway]\nprivate = [{ bind = \"1.2.3.4:443\", device = \"a-device-too-long\" }]\n",
            "1 to 15 characters"},
        Bad{"[gateway]\npublic = [\"1.2.3.4:443\"]\nprivate = [\"10.0.0.1:8443\"]\n",
            "3 [gateway] private: has another port than [gateway] public on line 2, and an endpoint's URL carries one"},
        Bad{"[gateway]\npublic = [\"1.2.3.4:443\", \"1.2.3.5:444\"]\n", "2 [gateway] public: has another port"},
        Bad{"[gateway]\nproxy_protocol_from = [\"10.0.0.1/8\"]\n", "[gateway] proxy_protocol_from"},
        Bad{"[gateway]\nkernel_filter = \"yes\"\n", "must be true or false, without quotes"},
        Bad{"[gateway]\nworkers = 0\n", "must be a whole number from 1 to 256"},
        Bad{"[dns]\nresolvers = [{ bind = \"1.2.3.4:53\", vpc = \"vpc-1\" }]\n", "is not a VPC id"},
        Bad{"[dns]\nresolvers = [\"0.0.0.0:53\"]\n", "lies in no VPC"},
        Bad{"[dns]\npublic = [\"1.2.3.4:53\"]\nforward = [\"1.2.3.4:53\"]\n",
            "3 [dns] forward: is an address of this server"},
        Bad{"[gateway]\npublic = [\"1.2.3.4:443\"]\n[metrics]\nlisten = [\"1.2.3.4:443\"]\n",
            "4 [metrics] listen: is taken by [gateway] public on line 2"},
        Bad{"[gateway]\npublic = [\"127.0.0.1:8787\"]\n", "2 [gateway] public: is taken by [api] listen (default)"},
        Bad{"[metrics]\nlisten = [\"0.0.0.0:8787\"]\n", "is taken by [api] listen (default)"},
        Bad{"[eks]\ndefault_kubernetes_version = \"1.34.4\"\n", "2 [eks] default_kubernetes_version: must be a minor"},
        Bad{"[eks]\nmax_clusters = 100001\n", "from 1 to 100000"},
        Bad{"[ec2]\nelastic_ip_pool = \"203.0.113.64/26\"\n", "must be a list of strings"},
        Bad{"[ec2]\nelastic_ip_pool = [\"203.0.113.65/26\"]\n", "203.0.113.64/26"},
        Bad{"[ec2]\nelastic_ip_pool = [\"2001:db8::/64\"]\n", "is not IPv4"},
        Bad{"[ec2]\nelastic_ip_pool = [\"10.0.0.0/8\", \"10.1.0.0/16\"]\n", "overlaps an earlier block"},
        Bad{"[store]\nbackend = \"etcd\"\nendpoints = []\n", "etcd comes with a later version"},
        Bad{"[store]\nbackend = \"mysql\"\n", "is unknown; write \"sqlite\""},
        Bad{"[provider]\n", "is missing; name the provider's executable"},
        Bad{"[provider]\ncommand = \"\"\n", "is empty; name the provider's executable"},
        Bad{"[provider]\ncommand = \"/x\"\ncomand = 1\n", "comand"},
        Bad{"[pool]\nname = \"a\"\n", "write [[pool]] above each"},
        Bad{kPool + kPool, "6 [[pool]] name: is the name of an earlier pool"},
        Bad{"[[pool]]\nname = \"a\"\nservers = [\"1.2.3.4:1\"]\nca_file = \"text\"\n", "holds no PEM certificate"},
        Bad{"[[pool]]\nname = \"a\"\nservers = [\"1.2.3.4:1\"]\nca_file = \"damaged.crt\"\n",
            "damaged certificate after 1"},
        Bad{"[[pool]]\nservers = [\"1.2.3.4:1\"]\nca_file = \"ca.crt\"\n", "1 [[pool]] name: is missing"},
        Bad{"[gateway]\npublic = [\"10.0.0.5:6443\"]\n" + kPool, "would go round for ever"},
        Bad{"[server\n", "is not TOML"}, Bad{"a = 1\na = 2\n", "2 : is not TOML"}));

TEST(Config, SameAddressOnTwoDevicesIsTwoSockets) {
  EXPECT_THAT(errors_of("[gateway]\nprivate = [{ bind = \"10.0.0.1:443\", device = \"vrf-a\" }, "
                        "{ bind = \"10.0.0.1:443\", device = \"vrf-b\" }]\n"),
              IsEmpty());
}

TEST(Config, AFileThatIsNotThereIsNamedByItsError) {
  const auto config = load_config("/nowhere/at/all.toml");
  ASSERT_FALSE(config);
  EXPECT_THAT(describe(config.error().front(), "/nowhere/at/all.toml"),
              "/nowhere/at/all.toml: cannot be read: No such file or directory");
}

TEST(Config, AFolderAndAHugeFileAreRefused) {
  const base::TestFolder folder;
  EXPECT_FALSE(load_config(folder.path()));
  const std::string file = folder.write("big.toml", std::string(1024 * 1024 + 1, '#'));
  const auto config = load_config(file);
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error().front().message, HasSubstr("1 MiB"));
}

RC_GTEST_PROP(ConfigProperty, NoTextCrashesAndEveryRefusalHasAMessage, ()) {
  static const std::vector<std::string> kPieces{
      "[server]\n",        "[gateway]\n",   "[[pool]]\n",     "public = ", "listen = ", "zone = ",
      "[\"1.2.3.4:5\"]\n", "\"x\"\n",       "{ bind = 3 }\n", "[{}]\n",    "7\n",       "[dns]\n",
      "name = ",           "\"\\u0000\"\n", "true\n",         "[[]]\n"};
  const auto picks = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, kPieces.size()));
  std::string text;
  for (const std::size_t pick : picks)
    text += kPieces[pick];
  const auto config = parse(text);
  if (!config) {
    RC_ASSERT(!config.error().empty());
    for (const ConfigError& error : config.error())
      RC_ASSERT(!error.message.empty());
  }
}

}  // namespace
}  // namespace sallyport::app
