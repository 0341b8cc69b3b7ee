#include "bastion/socks_front.h"

#include <array>
#include <optional>
#include <utility>
#include <variant>

#include "base/limits.h"
#include "bastion/tunnel.h"
#include "net/within.h"
#include "wire/socks5.h"

namespace sallyport::bastion {

namespace {

namespace asio = boost::asio;
namespace limits = base::limits;
namespace socks5 = wire::socks5;
using asio::ip::tcp;
using Bytes = std::vector<std::uint8_t>;

// The client's bytes not yet understood. Every message is asked for in its own time.
struct Input {
  Channel& client;
  Bytes held;
};

// The next message, read by `read`; nothing when the client left.
template <class Message>
asio::awaitable<std::optional<Message>> receive(Input& input, Message (*read)(Channel::Bytes)) {
  std::array<std::uint8_t, socks5::kMaxMessageBytes> buffer{};
  Message message = read(input.held);
  while (message.state == socks5::State::kNeedsMore) {
    const Channel::Got got = co_await input.client.read(buffer);
    if (got.error) co_return std::nullopt;
    input.held.insert(input.held.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got.count));
    message = read(input.held);
  }
  input.held.erase(input.held.begin(), input.held.begin() + static_cast<std::ptrdiff_t>(message.size));
  co_return message;
}

template <class Message>
asio::awaitable<tl::expected<Message, Refusal>> next(Input& input, Message (*read)(Channel::Bytes)) {
  auto receiving = receive(input, read);
  auto message = co_await net::within(limits::kBastionRequestTime, std::move(receiving));
  if (!message) co_return tl::unexpected(Refusal::kTimeout);
  if (!*message) co_return tl::unexpected(Refusal::kGone);
  co_return **std::move(message);
}

// There is nobody to answer.
void count_gone(Hub& hub, Channel& client, Refusal refusal, const Caller& caller) {
  hub.refused(refusal, caller);
  client.abort();
}

// Counts a refusal and answers it with `answer`; nothing to answer when it is empty.
asio::awaitable<void> refuse(Hub& hub, Channel& client, Refusal refusal, const Caller& caller, Bytes answer) {
  if (answer.empty() || !is_answered(refusal)) {
    co_return count_gone(hub, client, refusal, caller);
  }
  hub.refused(refusal, caller);
  co_await client.write(answer);
  co_await client.close();
}

// True when the client has proven who it is.
asio::awaitable<bool> log_in(Hub& hub, Input& input, Caller& caller) {
  const auto greeting = co_await next(input, socks5::read_greeting);
  const bool spoken = greeting && greeting->state == socks5::State::kComplete;
  if (!spoken || !greeting->offers_password) {
    const Refusal why = !greeting ? greeting.error() : spoken ? Refusal::kNoCredentials : Refusal::kMalformed;
    Bytes answer = spoken ? socks5::method_selection(socks5::Method::kNoneAcceptable) : Bytes();
    co_await refuse(hub, input.client, why, caller, std::move(answer));
    co_return false;
  }
  const Bytes selection = socks5::method_selection(socks5::Method::kPassword);
  const bool selected = co_await input.client.write(selection);
  if (!selected) co_return false;
  auto login = co_await next(input, socks5::read_login);
  if (!login || login->state != socks5::State::kComplete) {
    const Refusal why = login ? Refusal::kMalformed : login.error();
    Bytes answer = socks5::login_status(false);
    co_await refuse(hub, input.client, why, caller, std::move(answer));
    co_return false;
  }
  const Credentials credentials{std::move(login->username), std::move(login->password)};
  const auto refusal = co_await check_login(hub, credentials, caller);
  if (refusal) {
    Bytes answer = socks5::login_status(false);
    co_await refuse(hub, input.client, *refusal, caller, std::move(answer));
    co_return false;
  }
  const Bytes answer = socks5::login_status(true);
  co_return co_await input.client.write(answer);
}

asio::awaitable<tl::expected<tcp::socket, Refusal>> reach_requested(Hub& hub, const socks5::Request& request,
                                                                    Caller& caller) {
  if (const auto* name = std::get_if<std::string>(&request.host)) {
    co_return co_await reach(hub, *name, request.port, caller);
  }
  caller.target = base::SocketAddress{std::get<base::IpAddress>(request.host), request.port}.to_string();
  co_return tl::unexpected(Refusal::kIpLiteral);
}

}  // namespace

asio::awaitable<void> serve_socks(Hub& hub, tcp::socket socket, Caller caller) {
  Channel client(std::move(socket));
  Input input{client, {}};
  const bool known = co_await log_in(hub, input, caller);
  if (!known) co_return;
  const auto request = co_await next(input, socks5::read_request);
  if (!request) co_return count_gone(hub, client, request.error(), caller);
  if (request->state != socks5::State::kComplete) {
    const bool other = request->refusal == socks5::Reply::kCommandNotSupported;
    const Refusal why = other ? Refusal::kNotConnect : Refusal::kMalformed;
    Bytes answer = socks5::reply(request->refusal);
    co_return co_await refuse(hub, client, why, caller, std::move(answer));
  }
  auto endpoint = co_await reach_requested(hub, *request, caller);
  if (!endpoint) {
    const Refusal why = endpoint.error();
    Bytes answer = socks5::reply(socks_reply(why));
    co_return co_await refuse(hub, client, why, caller, std::move(answer));
  }
  const Bytes success = socks5::reply(socks5::Reply::kSucceeded);
  const bool answered = co_await client.write(success);
  if (!answered) co_return count_gone(hub, client, Refusal::kGone, caller);
  co_await relay(hub, client, *std::move(endpoint), std::move(input.held), caller);
}

}  // namespace sallyport::bastion
