#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ip_address.h"

// The server's half of SOCKS version 5 (RFC 1928) with username and password (RFC 1929). Pure; any input.
namespace sallyport::wire::socks5 {

// What the start of a stream holds. A message is at most kMaxMessageBytes long, so `kNeedsMore` ends.
enum class State { kNeedsMore, kComplete, kInvalid };

inline constexpr std::size_t kMaxMessageBytes = 513;  // a username and a password of 255 bytes each

enum class Method : std::uint8_t { kNone = 0x00, kPassword = 0x02, kNoneAcceptable = 0xff };

struct Greeting {
  State state = State::kNeedsMore;
  std::size_t size = 0;  // bytes to skip; of a complete message
  bool offers_password = false;
};

struct Login {
  State state = State::kNeedsMore;
  std::size_t size = 0;
  std::string username;  // 1 to 255 bytes of any kind
  std::string password;
};

enum class Reply : std::uint8_t {
  kSucceeded = 0x00,
  kGeneralFailure = 0x01,
  kNotAllowed = 0x02,
  kNetworkUnreachable = 0x03,
  kHostUnreachable = 0x04,
  kConnectionRefused = 0x05,
  kCommandNotSupported = 0x07,
  kAddressTypeNotSupported = 0x08,
};

struct Request {
  State state = State::kNeedsMore;
  std::size_t size = 0;
  Reply refusal = Reply::kSucceeded;  // of an invalid message, the reply it deserves
  std::variant<std::string, base::IpAddress> host;
  std::uint16_t port = 0;
};

Greeting read_greeting(std::span<const std::uint8_t> bytes);
Login read_login(std::span<const std::uint8_t> bytes);
// Only CONNECT is complete; any other command is invalid with kCommandNotSupported.
Request read_request(std::span<const std::uint8_t> bytes);

std::vector<std::uint8_t> method_selection(Method method);
std::vector<std::uint8_t> login_status(bool accepted);
// With the unspecified address as the bound one: clients of CONNECT have no use for it, and it would tell them
// about the network inside.
std::vector<std::uint8_t> reply(Reply code);

}  // namespace sallyport::wire::socks5
