#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "app/config_sections.h"

namespace sallyport::app {

// The configuration file of a program beside the server: a section of its own, which `read` reads, and [metrics], whose
// addresses a HostFile holds as `metrics`.
template <class HostFile, class Read>
tl::expected<HostFile, std::vector<ConfigError>> parse_host_file(std::string_view text, const std::string& filename,
                                                                 const ReadFile& read_file, const Read& read) {
  const auto root = parse_toml(text);
  if (!root) return tl::unexpected(root.error());
  Reading reading{default_config(), {}, {}, folder_of(filename), read_file};
  HostFile config;
  TableReader file(*root, "", reading.errors);
  read(file, config, reading);
  read_metrics(file.section("metrics"), reading);
  file.finish();
  check_binds(reading);
  config.metrics = std::move(reading.config.metrics);
  return checked(std::move(config), reading);
}

}  // namespace sallyport::app
