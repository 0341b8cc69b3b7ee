#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "app/config.h"
#include "app/data_dir.h"
#include "base/result.h"

// What `sallyport env` prints, and the record `serve` leaves for it.
namespace sallyport::app {

// Where a running Sallyport is reached. Kept as DATA_DIR/endpoint.json.
struct EndpointRecord {
  std::string url;  // "http://127.0.0.1:8787"
  std::string region;
  std::string account;
  std::optional<std::string> ca_bundle;  // absolute path, where clients would not trust the certificate otherwise

  friend bool operator==(const EndpointRecord&, const EndpointRecord&) = default;
};

// The first loopback address of [api] listen, else the first; a wildcard address becomes loopback.
// `certificate_pem` is the text of tls_cert_file; its path is the CA bundle where it signs itself.
EndpointRecord endpoint_record(const Config& config, std::string_view certificate_pem);

// Written whole or not at all, mode 0600.
base::Status write_endpoint_record(const DataPaths& paths, const EndpointRecord& record);
base::Result<EndpointRecord> read_endpoint_record(const DataPaths& paths);

// One word of POSIX shell that stands for `text` exactly; bare where that is safe.
std::string shell_quoted(std::string_view text);

// Reads a variable of the caller's environment; nothing where it is unset.
using Variables = std::function<std::optional<std::string>(const std::string& name)>;

// The lines for `eval`: what the caller's shell may have inherited and would send AWS clients elsewhere is unset or
// amended, then what they need to come here is exported. Values are plain words, so other programs can read them too.
std::string environment_exports(const EndpointRecord& record, std::string_view access_key_id,
                                std::string_view secret_access_key, std::string_view data_dir,
                                const Variables& inherited);

}  // namespace sallyport::app
