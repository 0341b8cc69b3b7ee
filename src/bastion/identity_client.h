#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "base/result.h"
#include "base/time.h"
#include "bastion/credentials.h"
#include "bastion/gatekeeper.h"
#include "bastion/lookup.h"

namespace sallyport::bastion {

// Where the Sallyport API is.
struct ApiAddress {
  bool tls = true;
  std::string host;  // a name or an address, IPv6 without brackets
  std::uint16_t port = 443;
  std::optional<std::string> ca_file;  // PEM; the system's authorities when absent

  std::string authority() const;  // "api.example.com:8787"
};

// Tells a good login by asking the API who it is: one sts:GetCallerIdentity, signed with it (SigV4). Accepted only
// when the answer says who; unavailable when the API cannot be reached or trusted, fails, or finds the clocks
// apart. Thread-safe.
class IdentityClient {
 public:
  // Fails, naming the file, when ca_file cannot be used. `lookup` and `clock` must outlive the client.
  static base::Result<std::unique_ptr<IdentityClient>> make(ApiAddress api, std::string region, Lookup& lookup,
                                                            const base::Clock& clock);
  // At most kBastionLoginTime.
  boost::asio::awaitable<Login> ask(Credentials credentials);

 private:
  struct Answer;
  IdentityClient(ApiAddress api, std::string region, Lookup& lookup, const base::Clock& clock);
  std::string request_for(const Credentials& credentials) const;
  boost::asio::awaitable<Answer> exchange(std::string request);
  boost::asio::awaitable<Answer> send_plain(boost::asio::ip::tcp::socket socket, const std::string& request);
  boost::asio::awaitable<Answer> send_tls(boost::asio::ip::tcp::socket socket, const std::string& request);
  Login judge(const Answer& answer);

  const ApiAddress api_;
  const std::string region_;
  Lookup& lookup_;
  const base::Clock& clock_;
  std::unique_ptr<boost::asio::ssl::context> tls_;  // set where the API is behind TLS
  std::atomic<bool> failing_{false};                // the log has said so
};

}  // namespace sallyport::bastion
