#include <netdb.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/limits.h"
#include "bastion/lookup.h"
#include "net/system_addresses.h"

namespace sallyport::bastion {

namespace {

namespace asio = boost::asio;
namespace limits = base::limits;

constexpr std::size_t kThreads = 4;

Addresses ask_system(const std::string& name) {
  net::SystemAddresses answer = net::system_addresses(name, limits::kBastionAddresses);
  if (answer.code == EAI_NONAME || answer.code == EAI_NODATA) return tl::unexpected(Refusal::kNoSuchName);
  if (answer.found.empty()) return tl::unexpected(Refusal::kLookupFailed);
  return std::move(answer.found);
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
