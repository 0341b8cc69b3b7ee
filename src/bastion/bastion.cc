#include "bastion/bastion.h"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include "base/entropy.h"
#include "bastion/gatekeeper.h"
#include "bastion/http_front.h"
#include "bastion/hub.h"
#include "bastion/socks_front.h"
#include "net/door.h"
#include "net/listen.h"

namespace sallyport::bastion {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Settings settings_of(const BastionConfig& config) {
  return {config.realm, config.max_connections, config.idle_time, config.source};
}

class Running final : public Bastion {
 public:
  explicit Running(BastionConfig config)
      : config_(std::move(config)),
        dns_(config_.resolver.value_or(base::SocketAddress{}), entropy_),
        gatekeeper_(asio::make_strand(io_), entropy_,
                    [this](Credentials credentials) { return identity_->ask(std::move(credentials)); }) {
    hub_.emplace(settings_of(config_), gatekeeper_, config_.resolver ? static_cast<Lookup&>(dns_) : endpoint_names_);
  }

  base::Status open() {
    auto identity = IdentityClient::make(config_.api, config_.realm.region, api_names_, clock_);
    if (!identity) return base::fail(identity.error());
    identity_ = *std::move(identity);
    if (config_.tls_cert_file && config_.tls_key_file) {
      auto tls = net::make_tls(*config_.tls_cert_file, *config_.tls_key_file);
      if (!tls) return base::fail(tls.error());
      tls_ = *std::move(tls);
    }
    for (const auto& address : config_.listen) {
      if (auto opened = listen(address, false); !opened) return opened;
    }
    for (const auto& address : config_.socks) {
      if (auto opened = listen(address, true); !opened) return opened;
    }
    door_.open(config_.threads);
    return {};
  }

  void drain(base::Millis patience) override {
    door_.close();
    hub_->drain(patience);
  }

  BastionStats stats() const override {
    BastionStats stats;
    stats.accepted_connect = hub_->accepted_connect;
    stats.accepted_socks = hub_->accepted_socks;
    stats.active_connections = hub_->connections();
    stats.strangers = hub_->strangers.count();
    stats.tunnels_active = hub_->tunnels_active;
    stats.tunnels_opened = hub_->tunnels_opened;
    stats.tunnels_idle = hub_->tunnels_idle;
    stats.bytes_to_endpoint = hub_->bytes_to_endpoint;
    stats.bytes_to_client = hub_->bytes_to_client;
    const LoginStats& logins = gatekeeper_.stats();
    stats.logins_asked = logins.asked;
    stats.logins = {{"accepted", logins.accepted},
                    {"rejected", logins.rejected},
                    {"throttled", logins.throttled},
                    {"unavailable", logins.unavailable}};
    for (std::size_t i = 0; i < kRefusals; ++i) {
      const auto refusal = static_cast<Refusal>(i);
      stats.refused.emplace(to_string(refusal), hub_->refusals(refusal));
    }
    return stats;
  }

  const std::vector<base::SocketAddress>& addresses() const override { return door_.addresses(); }

 private:
  base::Status listen(const base::SocketAddress& address, bool socks) {
    return door_.listen(address, [this, socks](tcp::socket socket) { return admit(std::move(socket), socks); });
  }

  asio::awaitable<void> admit(tcp::socket socket, bool socks) {
    error_code error;
    const tcp::endpoint peer = socket.remote_endpoint(error);
    if (error) return {};  // gone already
    Caller caller{net::address_of(peer), socks ? "socks" : "connect"};
    ++(socks ? hub_->accepted_socks : hub_->accepted_connect);
    if (!hub_->enter()) return reset(socket, Refusal::kOverload, caller);
    Place place(*hub_);
    auto stranger = hub_->strangers.admit(caller.source.address);
    if (!stranger) return reset(socket, stranger.error(), caller);
    caller.stranger.emplace(*std::move(stranger));
    return serve(std::move(socket), socks, std::move(caller), std::move(place));
  }

  asio::awaitable<void> reset(tcp::socket& socket, Refusal refusal, const Caller& caller) {
    hub_->refused(refusal, caller);
    error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    return {};
  }

  asio::awaitable<void> serve(tcp::socket socket, bool socks, Caller caller, Place) {
    if (socks) co_return co_await serve_socks(*hub_, std::move(socket), std::move(caller));
    co_await serve_http(*hub_, std::move(socket), tls_.get(), std::move(caller));
  }

  // Destroyed from the last to the first: connections, inside io_, use what stands before it; what runs on
  // executors of io_ stands behind it.
  const BastionConfig config_;
  const base::SystemClock clock_;
  base::SystemEntropy entropy_;
  std::unique_ptr<asio::ssl::context> tls_;
  std::optional<Hub> hub_;
  asio::io_context io_;
  // Each with threads of its own: endpoints' names that are slow to find must not keep logins waiting.
  SystemLookup endpoint_names_{SearchList::kNever};
  SystemLookup api_names_{SearchList::kAsConfigured};
  DnsLookup dns_;
  std::unique_ptr<IdentityClient> identity_;
  Gatekeeper gatekeeper_;
  net::Door door_{io_, "bastion"};
};

}  // namespace

base::Result<std::unique_ptr<Bastion>> Bastion::start(BastionConfig config) {
  if (config.listen.empty() && config.socks.empty()) {
    return base::fail(base::ErrorKind::kInvalidParameter, "no address to listen on; give at least one", "listen");
  }
  auto running = std::make_unique<Running>(std::move(config));
  if (auto opened = running->open(); !opened) return base::fail(opened.error());
  return running;
}

}  // namespace sallyport::bastion
