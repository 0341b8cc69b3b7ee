#include "app/admin_client.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <boost/url.hpp>

namespace sallyport::app {

namespace {

namespace http = boost::beast::http;
namespace json = boost::json;
using base::ErrorKind;
using base::fail;

constexpr std::uint64_t kMostAnswerBytes = 64 * 1024 * 1024;
constexpr timeval kPatience{30, 0};

base::Result<base::Descriptor> connect_to(const DataPaths& paths) {
  const auto not_running = [&](const std::string& why) {
    return fail(ErrorKind::kUnavailable, "no Sallyport runs on data folder " + paths.root + " (" + why +
                                             "); start `sallyport serve`, or name its folder with --data-dir");
  };
  const auto path = SocketPath::of(paths.control_socket());
  if (!path) return not_running(path.error().message);
  base::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return fail(ErrorKind::kInternal, "no socket can be made");
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience));
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::ranges::copy(path->str(), to.sun_path);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) {
    const int error = errno;
    const std::string why = std::error_code(error, std::generic_category()).message();
    if (error == EACCES || error == EPERM) {
      return fail(ErrorKind::kAccessDenied,
                  paths.control_socket() + ": " + why + "; run as the user Sallyport runs as");
    }
    return not_running(why);
  }
  return socket;
}

base::Status send_all(int socket, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return fail(ErrorKind::kUnavailable, "Sallyport closed its control socket");
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

base::Result<http::response<http::string_body>> receive(int socket) {
  http::response_parser<http::string_body> parser;
  parser.body_limit(kMostAnswerBytes);
  parser.eager(true);
  std::string pending;
  std::array<char, 16 * 1024> chunk{};
  while (!parser.is_done()) {
    const ssize_t got = ::recv(socket, chunk.data(), chunk.size(), 0);
    if (got < 0) return fail(ErrorKind::kUnavailable, "Sallyport did not answer on its control socket within 30 s");
    boost::system::error_code error;
    if (got == 0) {
      parser.put_eof(error);
      if (error || !parser.is_done()) return fail(ErrorKind::kUnavailable, "Sallyport closed its control socket");
      break;
    }
    pending.append(chunk.data(), static_cast<std::size_t>(got));
    const std::size_t used = parser.put(boost::asio::buffer(pending), error);
    pending.erase(0, used);
    if (error && error != http::error::need_more) {
      return fail(ErrorKind::kCorrupt, "the control socket's answer is not HTTP: " + error.message());
    }
  }
  return parser.release();
}

}  // namespace

std::string request_target(const std::vector<std::string>& segments, const std::map<std::string, std::string>& query) {
  boost::urls::url target("/");
  for (const std::string& segment : segments)
    target.segments().push_back(segment);
  for (const auto& [name, value] : query)
    target.params().append({name, value});
  return std::string(target.encoded_resource());
}

base::Result<json::object> ask_server(const DataPaths& paths, const std::string& target, const std::string& body) {
  const auto socket = connect_to(paths);
  if (!socket) return fail(socket.error());
  const std::string request =
      (body.empty() ? "GET " : "POST ") + target +
      " HTTP/1.1\r\nHost: sallyport\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n" + body;
  if (const auto sent = send_all(socket->get(), request); !sent) return fail(sent.error());
  const auto response = receive(socket->get());
  if (!response) return fail(response.error());
  boost::system::error_code failed;
  const json::value value = json::parse(response->body(), failed);
  if (failed || !value.is_object()) return fail(ErrorKind::kCorrupt, "the control socket's answer is not JSON");
  const json::object& object = value.get_object();
  if (response->result() == http::status::ok) return object;
  const json::value* message = object.if_contains("error");
  const bool missing = response->result() == http::status::not_found;
  return fail(missing ? ErrorKind::kNotFound : ErrorKind::kInvalidRequest,
              message != nullptr && message->is_string() ? std::string(message->get_string())
                                                         : "status " + std::to_string(response->result_int()));
}

}  // namespace sallyport::app
