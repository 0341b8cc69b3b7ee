#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "app/config.h"
#include "app/config_reader.h"
#include "app/service_url.h"

// What sections and files of configuration have in common.
namespace sallyport::app {

// A socket the configuration asks for.
struct Bind {
  std::string where;  // "[gateway] public"
  base::SocketAddress address;
  std::string device;
  std::size_t line = 0;
};

// A configuration while it is read.
struct Reading {
  Config config;
  std::vector<ConfigError> errors;
  std::vector<Bind> binds;
  std::string folder;  // that relative paths start from
  const ReadFile& read_file;

  std::string path_of(const std::string& written) const;
};

// What an empty file means.
Config default_config();
// At most 1 MiB.
base::Result<std::string> read_text_file(const std::string& path);
std::string folder_of(const std::string& filename);

// Each takes its keys from `reader` and leaves the default where one is absent.
void read_region(TableReader& reader, Config& config);
void read_zone(TableReader& reader, Config& config);  // after the region
struct TlsFiles {
  std::string cert_file;
  std::string key_file;
};
// tls_cert_file and tls_key_file when both are given, checked against each other.
std::optional<TlsFiles> read_tls_files(TableReader& reader, Reading& reading);
// Reads a PEM file for `key` that holds certificates; empty, with an error recorded, when it does not.
std::string read_certificates(TableReader& reader, std::string_view key, const Located<std::string>& written,
                              Reading& reading);

struct HttpListeners {
  std::optional<std::vector<base::SocketAddress>> listen;  // absent where the key is, or holds no list
  std::optional<TlsFiles> tls;
};
// The keys of read_tls_files, and `listen`: without TLS its addresses must be loopback ones, as plain HTTP would show
// `exposed` ("passwords") to the network.
HttpListeners read_http_listeners(TableReader& reader, std::string_view exposed, Reading& reading);

// How errors speak of a service that a key names.
struct ServiceWords {
  std::string_view what;     // "the Sallyport API, which checks logins"
  std::string_view example;  // "https://sallyport.example.com:8787"
  std::string_view local;    // "http://127.0.0.1:8787"
  std::string_view danger;   // of plain HTTP to another machine: "where anyone on the way could answer"
};
// The URL at `key`, which must be there; one that must not be used comes back too, beside its error.
std::optional<ServiceUrl> read_service_url(TableReader& reader, std::string_view key, const ServiceWords& words);
// The path at `key` of the authorities that sign for `service`, which must be one of https.
std::optional<std::string> read_authorities(TableReader& reader, std::string_view key,
                                            const std::optional<ServiceUrl>& service, Reading& reading);
// The secret in the file that secret_file must name, by `read_secret`; `other` has it too: "the API server".
std::string read_shared_secret(TableReader& reader, std::string_view other, Reading& reading,
                               const ReadFile& read_secret);

// What a reading comes to: `value`, or its errors in the order of their lines.
template <class T>
tl::expected<T, std::vector<ConfigError>> checked(T value, Reading& reading) {
  if (reading.errors.empty()) return value;
  std::ranges::stable_sort(reading.errors, {}, &ConfigError::line);
  return tl::unexpected(std::move(reading.errors));
}

// What `parse` makes of the text of a file.
template <class Parse>
auto load_by(const Parse& parse, const std::string& filename) -> decltype(parse(std::string())) {
  const auto text = read_text_file(filename);
  if (!text) return tl::unexpected(std::vector<ConfigError>{{0, {}, {}, text.error().message}});
  return parse(*text);
}

}  // namespace sallyport::app
