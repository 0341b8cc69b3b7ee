#include "app/config_parts.h"

#include <functional>

#include "app/pem.h"
#include "app/shapes.h"
#include "base/bytes.h"

namespace sallyport::app {

namespace {

// "<32 hex>.gr1." and ".eks." around region and zone.
constexpr std::size_t kEndpointNameOverhead = 32 + 5 + 5;
constexpr std::size_t kLongestName = 253;

// Reads a PEM file for `key` and passes its text to `check`, which says what is wrong with it.
std::string read_pem(TableReader& reader, std::string_view key, const Located<std::string>& written, Reading& reading,
                     const std::function<base::Status(const std::string&)>& check) {
  const auto text = reading.read_file(reading.path_of(written.value));
  if (!text) {
    reader.error(written.line, key, quoted(written.value), text.error().message);
    return {};
  }
  if (const base::Status status = check(*text); !status) {
    reader.error(written.line, key, quoted(written.value), status.error().message);
    return {};
  }
  return *text;
}

base::Status has_certificate(const std::string& pem) {
  const auto count = count_certificates(pem);
  if (!count) return base::fail(count.error());
  return {};
}

void check_zone(TableReader& reader, const Located<std::string>& zone, Config& config) {
  const std::string shown = quoted(zone.value);
  if (zone.value.ends_with('.')) {
    reader.error(zone.line, "zone", shown, "leave out the dot at the end");
  } else if (!is_dns_name(zone.value)) {
    reader.error(zone.line, "zone", shown,
                 "is not a DNS name; labels are letters, digits and inner hyphens, joined by dots, as in "
                 "\"sallyport.internal\"");
  } else if (zone.value.size() + config.region.str().size() + kEndpointNameOverhead > kLongestName) {
    reader.error(zone.line, "zone", shown, "is too long: with it, endpoint names would pass 253 characters");
  } else {
    config.zone = base::ascii_lower(zone.value);
  }
}

}  // namespace

std::string Reading::path_of(const std::string& written) const {
  if (written.starts_with('/') || folder.empty()) return written;
  return folder + "/" + written;
}

void read_region(TableReader& reader, Config& config) {
  const auto region = reader.text("region");
  if (!region) return;
  if (is_region(region->value)) {
    config.region = model::Region(region->value);
  } else {
    reader.error(region->line, "region", quoted(region->value),
                 "is not shaped like a region; write lower-case words and a number, such as \"us-east-1\"");
  }
}

void read_zone(TableReader& reader, Config& config) {
  if (const auto zone = reader.text("zone")) check_zone(reader, *zone, config);
}

std::optional<TlsFiles> read_tls_files(TableReader& reader, Reading& reading) {
  const auto certificate = reader.text("tls_cert_file");
  const auto key = reader.text("tls_key_file");
  if (certificate.has_value() != key.has_value()) {
    const std::string_view there = certificate ? "tls_cert_file" : "tls_key_file";
    const std::string missing = certificate ? "tls_key_file" : "tls_cert_file";
    reader.error(certificate ? certificate->line : key->line, there, {}, "needs " + missing + " beside it");
  }
  if (!certificate || !key) return std::nullopt;
  const std::string chain = read_certificates(reader, "tls_cert_file", *certificate, reading);
  const auto fits = [&](const std::string& pem) { return chain.empty() ? base::Status{} : check_key_pair(chain, pem); };
  read_pem(reader, "tls_key_file", *key, reading, fits);
  return TlsFiles{reading.path_of(certificate->value), reading.path_of(key->value)};
}

std::string read_certificates(TableReader& reader, std::string_view key, const Located<std::string>& written,
                              Reading& reading) {
  return read_pem(reader, key, written, reading, has_certificate);
}

HttpListeners read_http_listeners(TableReader& reader, std::string_view exposed, Reading& reading) {
  HttpListeners listeners;
  listeners.tls = read_tls_files(reader, reading);
  const auto listen = reader.addresses("listen");
  if (!listen) return listeners;
  listeners.listen.emplace();
  for (const auto& [address, line] : *listen) {
    if (!address.address.is_loopback() && !listeners.tls) {
      reader.error(line, "listen", quoted(address.to_string()),
                   "is not a loopback address, and plain HTTP would show " + std::string(exposed) +
                       " to the network; set tls_cert_file and tls_key_file, or listen on 127.0.0.1");
    }
    listeners.listen->push_back(address);
    reading.binds.push_back({reader.name() + " listen", address, {}, line});
  }
  return listeners;
}

std::optional<ServiceUrl> read_service_url(TableReader& reader, std::string_view key, const ServiceWords& words) {
  const auto written = reader.text(key);
  if (!written) {
    if (!reader.has(key)) {
      reader.error(reader.line(), key, {},
                   "is missing; name " + std::string(words.what) + ", such as " + quoted(words.example));
    }
    return std::nullopt;
  }
  const auto url = parse_service_url(written->value);
  if (!url) {
    reader.error(written->line, key, quoted(written->value), url.error());
    return std::nullopt;
  }
  if (is_clear_text(*url)) {
    reader.error(written->line, key, quoted(written->value),
                 "is plain HTTP to another machine, " + std::string(words.danger) +
                     "; use https://, or an address such as " + std::string(words.local));
  }
  return *url;
}

std::optional<std::string> read_authorities(TableReader& reader, std::string_view key,
                                            const std::optional<ServiceUrl>& service, Reading& reading) {
  const auto file = reader.text(key);
  if (!file) return std::nullopt;
  read_certificates(reader, key, *file, reading);
  if (service && !service->tls) {
    reader.error(file->line, key, quoted(file->value), "has no use with http://; remove it, or use https://");
  }
  return reading.path_of(file->value);
}

std::string read_shared_secret(TableReader& reader, std::string_view other, Reading& reading,
                               const ReadFile& read_secret) {
  const auto file = reader.text("secret_file");
  if (!file) {
    if (!reader.has("secret_file")) {
      reader.error(reader.line(), "secret_file", {},
                   "is missing; name the file with the secret that " + std::string(other) + " has too, of mode 0600");
    }
    return {};
  }
  auto secret = read_secret(reading.path_of(file->value));
  if (secret) return *std::move(secret);
  reader.error(file->line, "secret_file", quoted(file->value), secret.error().message);
  return {};
}

}  // namespace sallyport::app
