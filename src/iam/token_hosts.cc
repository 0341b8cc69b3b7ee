#include "iam/token_hosts.h"

#include "base/ip_address.h"
#include "wire/eks_token.h"

namespace sallyport::iam {

namespace {

struct HostPort {
  std::string_view host;
  std::string_view port;  // empty where none is written
};

HostPort split(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const std::size_t bracket = text.rfind(']');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && bracket > colon)) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

bool is_address(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return base::IpAddress::parse(host).has_value();
}

}  // namespace

TokenHosts::TokenHosts(const model::Region& region, const std::vector<std::string>& origins) {
  const std::string& name = region.str();
  origins_ = {"https://sts.amazonaws.com", "https://sts." + name + ".amazonaws.com",
              "https://sts-fips." + name + ".amazonaws.com", "https://sts." + name + ".api.aws"};
  for (const std::string& origin : origins) {
    const std::size_t end = origin.find("://");
    if (end == std::string::npos) continue;
    const std::string scheme = origin.substr(0, end);
    const std::string_view whole = wire::without_default_port(scheme, std::string_view(origin).substr(end + 3));
    const auto [host, port] = split(whole);
    if (host == "0.0.0.0" || host == "[::]") {
      any_address_.emplace(scheme, port);
    } else {
      origins_.insert(scheme + "://" + std::string(whole));
    }
  }
}

bool TokenHosts::admits(std::string_view scheme, std::string_view host) const {
  if (origins_.contains(std::string(scheme) + "://" + std::string(host))) return true;
  const auto [name, port] = split(host);
  return any_address_.contains({std::string(scheme), std::string(port)}) && is_address(name);
}

}  // namespace sallyport::iam
