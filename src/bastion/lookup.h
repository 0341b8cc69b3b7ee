#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <tl/expected.hpp>

#include "base/entropy.h"
#include "base/ip_address.h"
#include "bastion/refusal.h"

namespace sallyport::bastion {

// One to kBastionAddresses addresses, or kNoSuchName or kLookupFailed.
using Addresses = tl::expected<std::vector<base::IpAddress>, Refusal>;

// Finds the addresses of a host name, in at most kBastionLookupTime. Thread-safe.
class Lookup {
 public:
  virtual ~Lookup() = default;
  virtual boost::asio::awaitable<Addresses> find(std::string name) = 0;
};

// Whether a name that is not found may be looked for once more below the domains of resolv.conf(5)'s `search`.
enum class SearchList { kNever, kAsConfigured };

// getaddrinfo(3), on threads of its own: files, resolvers and order as the machine is set up. At most
// kBastionLookups at once; one that takes longer than it may is abandoned, and its thread waits for it. The execution
// context of whoever asks outlives it.
class SystemLookup final : public Lookup {
 public:
  using AskSystem = std::function<Addresses(const std::string&)>;

  explicit SystemLookup(SearchList search);
  SystemLookup(SearchList search, AskSystem ask);  // `ask` instead of getaddrinfo(3); called from several threads
  ~SystemLookup() override;                        // waits for what is under way
  boost::asio::awaitable<Addresses> find(std::string name) override;

 private:
  const SearchList search_;
  const AskSystem ask_;
  std::atomic<std::size_t> under_way_{0};
  boost::asio::thread_pool threads_;
};

// One DNS server, asked for A and AAAA by UDP and, where the answer does not fit, by TCP.
class DnsLookup final : public Lookup {
 public:
  DnsLookup(const base::SocketAddress& server, base::Entropy& entropy) : server_(server), entropy_(entropy) {}
  boost::asio::awaitable<Addresses> find(std::string name) override;

 private:
  const base::SocketAddress server_;
  base::Entropy& entropy_;
};

}  // namespace sallyport::bastion
