#include "bastion/http_front.h"

#include <optional>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"
#include "bastion/connect_request.h"
#include "bastion/tunnel.h"
#include "net/within.h"

namespace sallyport::bastion {

namespace {

namespace asio = boost::asio;
namespace limits = base::limits;
using asio::ip::tcp;

constexpr std::string_view kEstablished = "HTTP/1.1 200 Connection established\r\n\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::size_t kReadBytes = 4 * 1024;

// A request, and what the client sent behind it without waiting for the answer.
struct Asked {
  tl::expected<ConnectRequest, Refusal> request = tl::unexpected(Refusal::kGone);
  std::vector<std::uint8_t> early;
};

// Of HTTP's methods and nothing else; a TLS hello, most of all, must not be waited out.
bool may_begin(const std::string& text) { return text.empty() || (text.front() >= 'A' && text.front() <= 'Z'); }

asio::awaitable<Asked> receive(Channel& client) {
  Asked asked;
  const bool shaken = co_await client.handshake();
  if (!shaken) co_return asked;
  std::string text;
  std::vector<std::uint8_t> buffer(kReadBytes);
  std::size_t end = std::string::npos;
  while (end == std::string::npos) {
    const Channel::Got got = co_await client.read(buffer);
    if (got.error) co_return asked;
    const std::size_t seen = text.size() < kHeadEnd.size() ? 0 : text.size() - kHeadEnd.size() + 1;
    text += base::as_text(std::span(buffer).first(got.count));
    end = text.find(kHeadEnd, seen);
    if (!may_begin(text)) {
      asked.request = tl::unexpected(Refusal::kMalformed);
      co_return asked;
    }
    if (std::min(end, text.size()) > limits::kBastionRequestBytes - kHeadEnd.size()) {
      asked.request = tl::unexpected(Refusal::kTooLarge);
      co_return asked;
    }
  }
  end += kHeadEnd.size();
  asked.request = read_connect(std::string_view(text).substr(0, end));
  const auto rest = base::as_bytes(text).subspan(end);
  asked.early.assign(rest.begin(), rest.end());
  co_return asked;
}

asio::awaitable<tl::expected<tcp::socket, Refusal>> admit(Hub& hub, const ConnectRequest& request, Caller& caller) {
  if (!request.credentials) co_return tl::unexpected(Refusal::kNoCredentials);
  const auto refusal = co_await check_login(hub, *request.credentials, caller);
  if (refusal) co_return tl::unexpected(*refusal);
  co_return co_await reach(hub, request.host, request.port, caller);
}

asio::awaitable<void> refuse(Hub& hub, Channel& client, Refusal refusal, const Caller& caller) {
  hub.refused(refusal, caller);
  if (!is_answered(refusal)) {
    client.abort();
    co_return;
  }
  const std::string answer = http_answer(refusal);
  co_await client.write(base::as_bytes(answer));
  co_await client.close();
}

asio::awaitable<void> converse(Hub& hub, Channel& client, Caller& caller) {
  auto receiving = receive(client);
  auto asked = co_await net::within(limits::kBastionRequestTime, std::move(receiving));
  if (!asked) co_return co_await refuse(hub, client, Refusal::kTimeout, caller);
  if (!asked->request) co_return co_await refuse(hub, client, asked->request.error(), caller);
  auto endpoint = co_await admit(hub, *asked->request, caller);
  if (!endpoint) co_return co_await refuse(hub, client, endpoint.error(), caller);
  asked->request = tl::unexpected(Refusal::kGone);  // forgets the secret for the tunnel's life
  const bool answered = co_await client.write(base::as_bytes(kEstablished));
  if (!answered) co_return co_await refuse(hub, client, Refusal::kGone, caller);
  co_await relay(hub, client, *std::move(endpoint), std::move(asked->early), caller);
}

}  // namespace

asio::awaitable<void> serve_http(Hub& hub, tcp::socket socket, asio::ssl::context* tls, Caller caller) {
  if (tls != nullptr) {
    Channel client(std::move(socket), *tls);
    co_await converse(hub, client, caller);
  } else {
    Channel client(std::move(socket));
    co_await converse(hub, client, caller);
  }
}

}  // namespace sallyport::bastion
