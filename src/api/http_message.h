#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/beast/http.hpp>

#include "api/http.h"

// Between Beast's messages and ours; and what is refused before a handler sees it.
namespace sallyport::api {

using BeastRequest = boost::beast::http::request<boost::beast::http::string_body>;
using BeastResponse = boost::beast::http::response<boost::beast::http::string_body>;
using BeastParser = boost::beast::http::request_parser<boost::beast::http::string_body>;

struct HttpRefusal {
  int status = 400;
  std::string_view message;
};

// What is wrong with a request whose header has been read. Stricter than Beast wherever a proxy in front could
// read the message's length or host otherwise than we do (RFC 9112 sections 3.2 and 6.3).
std::optional<HttpRefusal> check_head(const BeastRequest& request);
// What is wrong with a request to leave HTTP, as HTTP has it: nothing may be read as its body, or as a request behind
// it.
std::optional<HttpRefusal> check_upgrade(const BeastRequest& request);
// What to answer when reading failed; nothing when the peer went away or broke the transport.
std::optional<HttpRefusal> refusal_of(const boost::system::error_code& error);

// All but the body.
HttpRequest head_of(const BeastRequest& request, const base::IpAddress& source, bool over_tls);
// Adds Date and Content-Length. The answer to HEAD has the length of the body it leaves out.
BeastResponse to_beast(HttpResponse&& response, unsigned version, bool keep_alive, bool to_head);

// An answer of the server itself, in the form clients of REST-JSON read, with a request id of its own.
HttpResponse server_answer(int status, std::string_view message);

}  // namespace sallyport::api
