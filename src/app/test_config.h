#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "app/config.h"
#include "app/test_pem.h"

namespace sallyport::app {

inline const PemPair& test_pem() {
  static const PemPair pair = make_pem("test");
  return pair;
}

// Reads these files alone, by their paths.
inline ReadFile reader_of(std::map<std::string, std::string> files) {
  return [files = std::move(files)](const std::string& path) -> base::Result<std::string> {
    const auto found = files.find(path);
    if (found != files.end()) return found->second;
    return base::fail(base::ErrorKind::kNotFound, "cannot be read: No such file or directory");
  };
}

// "LINE KEY: MESSAGE" of each error of a configuration that was parsed.
template <class Parsed>
std::vector<std::string> errors_in(const Parsed& parsed) {
  if (parsed) return {};
  std::vector<std::string> said;
  for (const ConfigError& error : parsed.error())
    said.push_back(std::to_string(error.line) + " " + error.key + ": " + error.message);
  return said;
}

}  // namespace sallyport::app
