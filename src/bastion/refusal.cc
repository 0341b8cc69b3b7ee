#include "bastion/refusal.h"

#include <array>

namespace sallyport::bastion {

namespace {

using wire::socks5::Reply;

struct Answer {
  std::string_view name;
  std::string_view status;
  std::string_view header;  // with its line end, or empty
  std::string_view body;
  Reply socks;
};

constexpr std::string_view kChallenge = "Proxy-Authenticate: Basic realm=\"sallyport\"\r\n";

// No answer: the connection is reset.
constexpr Answer reset(std::string_view name) { return {name, "", "", "", Reply::kGeneralFailure}; }

constexpr std::array<Answer, kRefusals> kAnswers{{
    {"malformed", "400 Bad Request", "", "The request is not HTTP/1.1 as this proxy understands it.",
     Reply::kGeneralFailure},
    {"too-large", "431 Request Header Fields Too Large", "", "The request's header is larger than 16 KiB.",
     Reply::kGeneralFailure},
    {"not-connect", "405 Method Not Allowed", "Allow: CONNECT\r\n",
     "This proxy opens tunnels only: use CONNECT, as for an https:// address.", Reply::kCommandNotSupported},
    {"no-credentials", "407 Proxy Authentication Required", kChallenge,
     "Give an access key id as the user and its secret access key as the password.", Reply::kGeneralFailure},
    {"bad-credentials", "407 Proxy Authentication Required", kChallenge,
     "The access key id or the secret access key is wrong. In a URL, write / as %2F and + as %2B.",
     Reply::kGeneralFailure},
    {"throttled", "429 Too Many Requests", "Retry-After: 6\r\n", "Too many failed logins from this address.",
     Reply::kGeneralFailure},
    {"api-unavailable", "503 Service Unavailable", "Retry-After: 5\r\n",
     "The Sallyport API, which checks credentials, cannot be reached.", Reply::kGeneralFailure},
    {"ip-literal", "403 Forbidden", "",
     "This proxy leads to cluster endpoints by name, not to addresses; let the proxy resolve the name.",
     Reply::kNotAllowed},
    {"not-an-endpoint", "403 Forbidden", "",
     "This proxy leads to cluster endpoints only: <32 hex digits>.gr1.<region>.eks.<zone>.", Reply::kNotAllowed},
    {"wrong-port", "403 Forbidden", "", "This proxy leads to the cluster endpoints' port only.", Reply::kNotAllowed},
    {"no-such-name", "502 Bad Gateway", "", "The endpoint's name has no address: there is no such cluster here.",
     Reply::kHostUnreachable},
    {"lookup-failed", "502 Bad Gateway", "",
     "The endpoint's name could not be resolved: the resolver refuses or does not answer.", Reply::kHostUnreachable},
    {"bad-address", "502 Bad Gateway", "",
     "The endpoint's name has only addresses that no endpoint has, such as link-local ones: is the resolver the VPC's?",
     Reply::kHostUnreachable},
    {"unreachable", "502 Bad Gateway", "", "No address of the endpoint takes the connection.",
     Reply::kConnectionRefused},
    reset("overload"),
    reset("source-limit"),
    reset("stranger-limit"),
    {"draining", "503 Service Unavailable", "Retry-After: 1\r\n", "This proxy is about to stop.",
     Reply::kGeneralFailure},
    reset("timeout"),
    reset("gone"),
}};

const Answer& answer_to(Refusal refusal) { return kAnswers.at(static_cast<std::size_t>(refusal)); }

}  // namespace

std::string_view to_string(Refusal refusal) { return answer_to(refusal).name; }

bool is_answered(Refusal refusal) { return !answer_to(refusal).status.empty(); }

std::string http_answer(Refusal refusal) {
  const Answer& answer = answer_to(refusal);
  std::string text = "HTTP/1.1 " + std::string(answer.status) + "\r\n" + std::string(answer.header);
  text += "Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: ";
  text += std::to_string(answer.body.size() + 1) + "\r\n\r\n" + std::string(answer.body) + "\n";
  return text;
}

Reply socks_reply(Refusal refusal) { return answer_to(refusal).socks; }

}  // namespace sallyport::bastion
