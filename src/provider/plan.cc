#include "provider/plan.h"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "base/bytes.h"
#include "provider/command_lines.h"
#include "provider/files.h"
#include "wire/crypto.h"

namespace sallyport::provider {

namespace {

using base::fail;

base::Result<Plan> plan(std::vector<std::string> command, const std::vector<std::string>& files) {
  // Lengths between the parts, so that no two plans have one text.
  std::string all;
  const auto add = [&](const std::string& part) { all += std::to_string(part.size()) + ":" + part; };
  for (const std::string& word : command)
    add(word);
  struct stat binary {};
  if (::stat(command.front().c_str(), &binary) != 0) {
    return fail(base::ErrorKind::kNotFound, "cannot find " + command.front() + ": " + reason(errno));
  }
  add(std::to_string(binary.st_ino) + " " + std::to_string(binary.st_size) + " " +
      std::to_string(binary.st_mtim.tv_sec) + " " + std::to_string(binary.st_mtim.tv_nsec));
  for (const std::string& path : files) {
    const auto text = read_file(path);
    if (!text) return fail(text.error());
    add(*text);
  }
  return Plan{std::move(command), base::to_hex(wire::sha256(all))};
}

}  // namespace

base::Result<Plan> plan_etcd(const ClusterState& state, const Layout& layout) {
  return plan(etcd_command(state, layout), {});
}

base::Result<Plan> plan_api_server(const ClusterState& state, const Layout& layout) {
  std::vector<std::string> files;
  if (limits_anonymous(state.binary_version)) files.push_back(layout.authentication_config());
  if (state.webhooks) {
    files.push_back(layout.authentication_webhook());
    files.push_back(layout.authorization_webhook());
  }
  return plan(api_server_command(state, layout), files);
}

}  // namespace sallyport::provider
