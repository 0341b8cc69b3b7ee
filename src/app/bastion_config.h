#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "app/config.h"
#include "bastion/bastion.h"

namespace sallyport::app {

// The configuration file of `sallyport bastion`, as checked values: its sections are [bastion] and [metrics].
struct BastionFile {
  bastion::BastionConfig bastion;
  std::vector<base::SocketAddress> metrics;
};

// As parse_config and load_config do for `sallyport serve`.
tl::expected<BastionFile, std::vector<ConfigError>> parse_bastion_config(std::string_view text,
                                                                         const std::string& filename,
                                                                         const ReadFile& read_file);
tl::expected<BastionFile, std::vector<ConfigError>> load_bastion_config(const std::string& filename);

// Whether a file is one of a bastion: it has that section.
bool is_bastion_config(const std::string& filename);

}  // namespace sallyport::app
