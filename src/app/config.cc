#include "app/config.h"

#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "app/config_sections.h"
#include "base/limits.h"

namespace sallyport::app {

namespace {

constexpr std::size_t kMostBytes = 1024 * 1024;

}  // namespace

Config default_config() {
  Config config;
  config.region = model::Region("us-east-1");
  config.account = model::AccountId("000000000000");
  config.data_dir = "/var/lib/sallyport";
  config.zone = "sallyport.internal";
  config.default_vpc_cidr = *model::Cidr::parse("172.31.0.0/16");
  config.api.listen = {*base::SocketAddress::parse("127.0.0.1:8787")};
  config.max_clusters = base::limits::kClusters;
  config.default_kubernetes_version = model::kDefaultKubernetesVersion;
  return config;
}

base::Result<std::string> read_text_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (file) {
    text.resize(kMostBytes + 1);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
  }
  if (!file.is_open() || file.bad() || (file.fail() && !file.eof())) {
    const std::string why = std::error_code(errno, std::generic_category()).message();
    return base::fail(base::ErrorKind::kNotFound, "cannot be read: " + why);
  }
  if (text.size() > kMostBytes) return base::fail(base::ErrorKind::kLimitExceeded, "is larger than 1 MiB");
  return text;
}

std::string folder_of(const std::string& filename) {
  const std::size_t slash = filename.rfind('/');
  if (slash == std::string::npos) return {};
  return slash == 0 ? "/" : filename.substr(0, slash);
}

std::string describe(const ConfigError& error, std::string_view filename) {
  std::string text(filename);
  if (error.line != 0) text += ":" + std::to_string(error.line);
  text += ": ";
  if (!error.key.empty()) text += error.key + (error.value.empty() ? ": " : " = ");
  if (!error.value.empty()) text += error.value + ": ";
  return text + error.message;
}

tl::expected<Config, std::vector<ConfigError>> parse_config(std::string_view text, const std::string& filename,
                                                            const ReadFile& read_file) {
  const auto root = parse_toml(text);
  if (!root) return tl::unexpected(root.error());
  Reading reading{default_config(), {}, {}, folder_of(filename), read_file};
  TableReader file(*root, "", reading.errors);
  read_server(file.section("server"), reading);
  read_api(file.section("api"), reading);
  read_gateway(file.section("gateway"), reading);
  read_dns(file.section("dns"), reading);
  read_metrics(file.section("metrics"), reading);
  read_webhooks(file.section("webhooks"), reading);
  read_workplace_host(file.section("workplace"), reading);
  read_audit(file.section("audit"), reading);
  read_pools(file.sections("pool"), reading);
  read_eks(file.section("eks"), reading);
  read_ec2(file.section("ec2"), reading);
  read_store(file.section("store"), reading);
  read_provider(file.section("provider"), reading);
  file.finish();
  check_binds(reading);
  check_loops(reading);
  return checked(std::move(reading.config), reading);
}

tl::expected<Config, std::vector<ConfigError>> load_config(const std::string& filename) {
  return load_by([&](const std::string& text) { return parse_config(text, filename, read_text_file); }, filename);
}

}  // namespace sallyport::app
