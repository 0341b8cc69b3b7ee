#include "app/environment.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include <boost/json.hpp>

#include "app/pem.h"

namespace sallyport::app {

namespace {

using base::ErrorKind;
using base::fail;

constexpr std::string_view kSafe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@%+,=";

// What AWS clients would heed above, or along with, the keys and the endpoint exported here.
constexpr std::string_view kUnset =
    "unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION"
    " AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE AWS_IGNORE_CONFIGURED_ENDPOINT_URLS AWS_USE_FIPS_ENDPOINT"
    " AWS_USE_DUALSTACK_ENDPOINT AWS_ENDPOINT_URL_EKS AWS_ENDPOINT_URL_STS AWS_ENDPOINT_URL_EC2 AWS_ENDPOINT_URL_IAM"
    " AWS_ENDPOINT_URL_ROUTE_53";

// "::1" of "http://[::1]:8787".
std::string_view host_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  if (url.starts_with('[')) return url.substr(1, url.find(']') - 1);
  return url.substr(0, url.find(':'));
}

// The list of hosts to be reached without a proxy, with `host` in it.
std::string with_host(const std::string& list, std::string_view host) {
  const std::string fenced = "," + list + ",";
  const std::string entry = "," + std::string(host) + ",";
  if (list == "*" || fenced.find(entry) != std::string::npos) return list;
  return list.empty() ? std::string(host) : list + entry.substr(0, entry.size() - 1);
}

std::string text_of(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

EndpointRecord endpoint_record(const Config& config, std::string_view certificate_pem) {
  const auto& listen = config.api.listen;
  const auto loopback = std::ranges::find_if(listen, [](const auto& at) { return at.address.is_loopback(); });
  base::SocketAddress at = loopback != listen.end() ? *loopback : listen.front();
  if (at.address == base::IpAddress::v4(0)) at.address = base::IpAddress::v4(0x7f000001);
  if (at.address == base::IpAddress{}) at.address = *base::IpAddress::parse("::1");

  EndpointRecord record;
  record.url = (config.api.tls_cert_file ? "https://" : "http://") + at.to_string();
  record.region = config.region.str();
  record.account = config.account.str();
  if (config.api.tls_cert_file && signs_itself(certificate_pem)) {
    std::error_code failed;
    record.ca_bundle = std::filesystem::absolute(*config.api.tls_cert_file, failed).string();
  }
  return record;
}

base::Status write_endpoint_record(const DataPaths& paths, const EndpointRecord& record) {
  boost::json::object object{{"url", record.url}, {"region", record.region}, {"account", record.account}};
  if (record.ca_bundle) object["ca_bundle"] = *record.ca_bundle;
  const std::string text = boost::json::serialize(object) + "\n";
  const std::string path = paths.endpoint_record();
  const std::string fresh = path + ".new";
  const auto failed = [&](const std::string& what) {
    return fail(ErrorKind::kInternal,
                what + " cannot be written: " + std::error_code(errno, std::generic_category()).message());
  };
  base::Descriptor file(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!file.valid()) return failed(fresh);
  const ssize_t written = ::write(file.get(), text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size()) || std::rename(fresh.c_str(), path.c_str()) != 0)
    return failed(path);
  return {};
}

base::Result<EndpointRecord> read_endpoint_record(const DataPaths& paths) {
  std::ifstream file(paths.endpoint_record(), std::ios::binary);
  if (!file) {
    return fail(ErrorKind::kNotFound, "no Sallyport was ever started on data folder " + paths.root +
                                          "; start `sallyport serve` first, or name its folder with --data-dir");
  }
  std::string text(64 * 1024, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  boost::json::error_code failed;
  const boost::json::value value = boost::json::parse(text, failed);
  if (failed || !value.is_object() || text_of(value.get_object(), "url").empty()) {
    return fail(ErrorKind::kCorrupt,
                paths.endpoint_record() + " is damaged; restart `sallyport serve` to write it anew");
  }
  const boost::json::object& object = value.get_object();
  EndpointRecord record{text_of(object, "url"), text_of(object, "region"), text_of(object, "account"), std::nullopt};
  if (object.contains("ca_bundle")) record.ca_bundle = text_of(object, "ca_bundle");
  return record;
}

std::string shell_quoted(std::string_view text) {
  if (!text.empty() && text.find_first_not_of(kSafe) == std::string_view::npos) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string environment_exports(const EndpointRecord& record, std::string_view access_key_id,
                                std::string_view secret_access_key, std::string_view data_dir,
                                const Variables& inherited) {
  std::string lines(kUnset);
  // Over plain HTTP no bundle is heeded. Over HTTPS the caller's may be the one that trusts our certificate's issuer.
  if (!record.ca_bundle && record.url.starts_with("http://")) lines += " AWS_CA_BUNDLE";
  lines += "\n";
  const auto line = [&](std::string_view name, std::string_view value) {
    lines += "export " + std::string(name) + "=" + shell_quoted(value) + "\n";
  };
  line("AWS_ENDPOINT_URL", record.url);
  line("AWS_ACCESS_KEY_ID", access_key_id);
  line("AWS_SECRET_ACCESS_KEY", secret_access_key);
  line("AWS_DEFAULT_REGION", record.region);
  line("AWS_REGION", record.region);
  if (record.ca_bundle) line("AWS_CA_BUNDLE", *record.ca_bundle);
  line("SALLYPORT_DATA_DIR", data_dir);
  // Clients read one spelling or the other: where only one is set, both get its hosts.
  const auto upper = inherited("NO_PROXY");
  const auto lower = inherited("no_proxy");
  line("NO_PROXY", with_host(upper.value_or(lower.value_or("")), host_of(record.url)));
  line("no_proxy", with_host(lower.value_or(upper.value_or("")), host_of(record.url)));
  return lines;
}

}  // namespace sallyport::app
