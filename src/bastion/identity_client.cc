#include "bastion/identity_client.h"

#include <spdlog/spdlog.h>

#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "base/limits.h"
#include "bastion/dial.h"
#include "net/tls_client.h"
#include "net/within.h"
#include "wire/sigv4.h"

namespace sallyport::bastion {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace sigv4 = wire::sigv4;
using asio::ip::tcp;

constexpr auto kWait = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view kQuestion = "Action=GetCallerIdentity&Version=2011-06-15";
constexpr std::size_t kAnswerBytes = 64 * 1024;
constexpr int kOk = 200;
constexpr int kForbidden = 403;

}  // namespace

// Status 0: none came, and `text` says why.
struct IdentityClient::Answer {
  int status = 0;
  std::string text;
};

namespace {

template <class Answer, class Stream>
asio::awaitable<Answer> converse(Stream& stream, const std::string& request) {
  if (const auto [error, n] = co_await asio::async_write(stream, asio::buffer(request), kWait); error) {
    co_return Answer{0, error.message()};
  }
  boost::beast::flat_buffer buffer(kAnswerBytes);
  http::response_parser<http::string_body> parser;
  parser.body_limit(kAnswerBytes);
  if (const auto [error, n] = co_await http::async_read(stream, buffer, parser, kWait); error) {
    co_return Answer{0, error.message()};
  }
  co_return Answer{static_cast<int>(parser.get().result_int()), std::move(parser.get().body())};
}

}  // namespace

std::string ApiAddress::authority() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

IdentityClient::IdentityClient(ApiAddress api, std::string region, Lookup& lookup, const base::Clock& clock)
    : api_(std::move(api)), region_(std::move(region)), lookup_(lookup), clock_(clock) {}

base::Result<std::unique_ptr<IdentityClient>> IdentityClient::make(ApiAddress api, std::string region, Lookup& lookup,
                                                                   const base::Clock& clock) {
  std::unique_ptr<IdentityClient> client(new IdentityClient(std::move(api), std::move(region), lookup, clock));
  if (!client->api_.tls) return client;
  auto tls = net::make_client_tls(client->api_.ca_file);
  if (!tls) return base::fail(base::ErrorKind::kInvalidParameter, tls.error().message, "api_ca_file");
  client->tls_ = *std::move(tls);
  return client;
}

asio::awaitable<Login> IdentityClient::ask(Credentials credentials) {
  auto exchanging = exchange(request_for(credentials));
  auto answer = co_await net::within(base::limits::kBastionLoginTime, std::move(exchanging));
  if (!answer) answer = Answer{0, "no answer in time"};
  co_return judge(*answer);
}

std::string IdentityClient::request_for(const Credentials& credentials) const {
  std::vector<sigv4::Header> headers{{"Host", api_.authority()}, {"Content-Type", "application/x-www-form-urlencoded"}};
  const sigv4::Request request{"POST", "/", headers, kQuestion};
  for (auto& header :
       sigv4::sign(request, {credentials.access_key_id, credentials.secret}, clock_.now(), region_, "sts")) {
    headers.push_back(std::move(header));
  }
  std::string text = "POST / HTTP/1.1\r\n";
  for (const auto& [name, value] : headers)
    text.append(name).append(": ").append(value).append("\r\n");
  text += "Content-Length: " + std::to_string(kQuestion.size()) + "\r\nConnection: close\r\n\r\n";
  return text += kQuestion;
}

asio::awaitable<IdentityClient::Answer> IdentityClient::exchange(std::string request) {
  Addresses addresses;
  if (const auto literal = base::IpAddress::parse(api_.host)) {
    addresses->push_back(*literal);
  } else {
    addresses = co_await lookup_.find(api_.host);
  }
  if (!addresses) co_return Answer{0, "its name does not resolve"};
  auto socket = co_await dial(*addresses, api_.port, std::nullopt);
  if (!socket) co_return Answer{0, "it takes no connection"};
  if (api_.tls) co_return co_await send_tls(*std::move(socket), request);
  co_return co_await send_plain(*std::move(socket), request);
}

asio::awaitable<IdentityClient::Answer> IdentityClient::send_plain(tcp::socket socket, const std::string& request) {
  co_return co_await converse<Answer>(socket, request);
}

asio::awaitable<IdentityClient::Answer> IdentityClient::send_tls(tcp::socket socket, const std::string& request) {
  asio::ssl::stream<tcp::socket> stream(std::move(socket), *tls_);
  auto error = net::expect_host(stream, api_.host);
  if (!error) std::tie(error) = co_await stream.async_handshake(asio::ssl::stream_base::client, kWait);
  if (error) co_return Answer{0, "TLS: " + error.message()};
  co_return co_await converse<Answer>(stream, request);
}

Login IdentityClient::judge(const Answer& answer) {
  const auto says = [&](std::string_view text) { return answer.text.find(text) != std::string::npos; };
  if (answer.status == kOk && says("<GetCallerIdentityResponse") && says("<Account>")) {
    if (failing_.exchange(false)) spdlog::info("the API at {} answers again", api_.authority());
    return Login::kAccepted;
  }
  const bool late = says("Signature expired") || says("Signature not yet current");
  // Some other server may refuse everything with 403, so the answer must be STS's.
  const bool refused = says("<Code>InvalidClientTokenId</Code>") || says("<Code>SignatureDoesNotMatch</Code>");
  if (answer.status == kForbidden && refused && !late) {
    if (failing_.exchange(false)) spdlog::info("the API at {} answers again", api_.authority());
    return Login::kRejected;
  }
  std::string why = "it answered with status " + std::to_string(answer.status);
  if (answer.status == 0) why = answer.text;
  if (late) why = "its clock and this machine's are more than five minutes apart";
  if (!failing_.exchange(true)) {
    spdlog::error("the API at {} cannot check logins: {}; new ones are refused until it can", api_.authority(), why);
  }
  return Login::kUnavailable;
}

}  // namespace sallyport::bastion
