#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "app/config.h"
#include "workplace/config.h"

namespace sallyport::app {

// The configuration file of `sallyport workplace`, as checked values: its sections are [workplace] and [metrics].
struct WorkplaceFile {
  workplace::WorkplaceConfig workplace;
  std::vector<base::SocketAddress> metrics;
};

// As parse_config and load_config do for `sallyport serve`; `read_secret` reads secret_file.
tl::expected<WorkplaceFile, std::vector<ConfigError>> parse_workplace_config(std::string_view text,
                                                                             const std::string& filename,
                                                                             const ReadFile& read_file,
                                                                             const ReadFile& read_secret);
tl::expected<WorkplaceFile, std::vector<ConfigError>> load_workplace_config(const std::string& filename);

// Whether a file is one of a workplace host: it has that section, and not as the server has it, with a `url` beside
// its own sections.
bool is_workplace_config(const std::string& filename);

}  // namespace sallyport::app
