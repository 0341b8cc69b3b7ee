#include <netdb.h>
#include <netinet/in.h>

#include <cstring>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/limits.h"
#include "bastion/lookup.h"

namespace sallyport::bastion {

namespace {

namespace asio = boost::asio;
namespace limits = base::limits;

constexpr std::size_t kThreads = 4;

Addresses ask_system(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  const int code = ::getaddrinfo(name.c_str(), nullptr, &hints, &list);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(code == 0 ? list : nullptr, ::freeaddrinfo);
  if (code == EAI_NONAME || code == EAI_NODATA) return tl::unexpected(Refusal::kNoSuchName);
  std::vector<base::IpAddress> found;
  for (const addrinfo* entry = owner.get(); entry != nullptr && found.size() < limits::kBastionAddresses;
       entry = entry->ai_next) {
    if (entry->ai_family == AF_INET) {
      sockaddr_in at{};
      std::memcpy(&at, entry->ai_addr, sizeof(at));
      found.push_back(base::IpAddress::v4(ntohl(at.sin_addr.s_addr)));
    } else if (entry->ai_family == AF_INET6) {
      sockaddr_in6 at{};
      std::memcpy(&at, entry->ai_addr, sizeof(at));
      base::IpAddress::Octets octets{};
      std::memcpy(octets.data(), &at.sin6_addr, octets.size());
      found.push_back(base::IpAddress::v6(octets));
    }
  }
  if (found.empty()) return tl::unexpected(Refusal::kLookupFailed);
  return found;
}

// With a dot at its end a name is whole: no search list applies, nor an entry of hosts(5) without that dot.
std::string whole(std::string name) {
  if (!name.ends_with('.')) name += '.';
  return name;
}

// Shared by the coroutine, which may have given up, and the thread that asks. Touched on the coroutine's strand.
struct Question {
  explicit Question(const asio::any_io_executor& executor) : answered(executor, limits::kBastionLookupTime) {}
  asio::steady_timer answered;
  Addresses result = tl::unexpected(Refusal::kLookupFailed);
};

}  // namespace

SystemLookup::SystemLookup(SearchList search) : SystemLookup(search, ask_system) {}

SystemLookup::SystemLookup(SearchList search, AskSystem ask)
    : search_(search), ask_(std::move(ask)), threads_(kThreads) {}

SystemLookup::~SystemLookup() {
  threads_.stop();
  threads_.join();
}

asio::awaitable<Addresses> SystemLookup::find(std::string name) {
  if (under_way_.fetch_add(1) >= limits::kBastionLookups) {
    --under_way_;
    co_return tl::unexpected(Refusal::kLookupFailed);
  }
  if (search_ == SearchList::kNever) name = whole(std::move(name));
  const auto executor = co_await asio::this_coro::executor;
  const auto question = std::make_shared<Question>(executor);
  auto work = [this, question, executor, name = std::move(name)] {
    auto result = ask_(name);
    --under_way_;
    asio::post(executor, [question, result = std::move(result)]() mutable {
      question->result = std::move(result);
      question->answered.cancel();
    });
  };
  asio::post(threads_, std::move(work));
  co_await question->answered.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return question->result;
}

}  // namespace sallyport::bastion
