#include <set>
#include <sstream>
#include <string>

#include "app/server.h"

namespace sallyport::app {

namespace {

using base::ErrorKind;
using base::fail;

}  // namespace

base::Status check_roles(const std::string& roles, const Config& config) {
  if (roles.empty()) return {};
  std::set<std::string> wanted;
  std::istringstream list(roles);
  for (std::string role; std::getline(list, role, ',');) {
    if (role != "control" && role != "gateway" && role != "dns") {
      return fail(ErrorKind::kInvalidParameter,
                  "role \"" + role + "\" is unknown; roles are control, gateway and dns, joined by commas", "--roles");
    }
    wanted.insert(role);
  }
  const auto missing = [&](const char* role) {
    return fail(ErrorKind::kInvalidParameter,
                "--roles " + roles + " leaves out " + role +
                    ": with the sqlite store, one process owns the store and runs every role the configuration uses; "
                    "leave out --roles",
                "--roles");
  };
  if (!wanted.contains("control")) return missing("control");
  if (config.has_gateway() && !wanted.contains("gateway")) return missing("gateway");
  if (config.has_dns() && !wanted.contains("dns")) return missing("dns");
  return {};
}

}  // namespace sallyport::app
