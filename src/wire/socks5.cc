#include "wire/socks5.h"

#include <algorithm>

#include "base/bytes.h"

namespace sallyport::wire::socks5 {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t kVersion = 0x05;
constexpr std::uint8_t kLoginVersion = 0x01;
constexpr std::uint8_t kConnect = 0x01;
constexpr std::uint8_t kIpv4 = 0x01;
constexpr std::uint8_t kDomainName = 0x03;
constexpr std::uint8_t kIpv6 = 0x04;
constexpr std::size_t kRequestHead = 4;  // version, command, reserved, address type
constexpr std::size_t kPortBytes = 2;

std::string text_at(Bytes bytes, std::size_t at, std::size_t size) {
  return std::string(base::as_text(bytes.subspan(at, size)));
}

Request refused(Reply why) {
  Request request;
  request.state = State::kInvalid;
  request.refusal = why;
  return request;
}

}  // namespace

Greeting read_greeting(Bytes bytes) {
  Greeting greeting;
  if (!bytes.empty() && bytes[0] != kVersion) greeting.state = State::kInvalid;
  if (bytes.size() < 2 || greeting.state == State::kInvalid) return greeting;
  const std::size_t count = bytes[1];
  if (count == 0) greeting.state = State::kInvalid;
  if (bytes.size() < 2 + count || greeting.state == State::kInvalid) return greeting;
  greeting.state = State::kComplete;
  greeting.size = 2 + count;
  const auto methods = bytes.subspan(2, count);
  greeting.offers_password = std::ranges::find(methods, static_cast<std::uint8_t>(Method::kPassword)) != methods.end();
  return greeting;
}

Login read_login(Bytes bytes) {
  Login login;
  const auto invalid = [&] {
    login.state = State::kInvalid;
    return login;
  };
  if (!bytes.empty() && bytes[0] != kLoginVersion) return invalid();
  if (bytes.size() < 2) return login;
  const std::size_t name = bytes[1];
  if (name == 0) return invalid();
  if (bytes.size() < 2 + name + 1) return login;
  const std::size_t password = bytes[2 + name];
  if (password == 0) return invalid();
  const std::size_t size = 2 + name + 1 + password;
  if (bytes.size() < size) return login;
  login.state = State::kComplete;
  login.size = size;
  login.username = text_at(bytes, 2, name);
  login.password = text_at(bytes, 2 + name + 1, password);
  return login;
}

Request read_request(Bytes bytes) {
  if (!bytes.empty() && bytes[0] != kVersion) return refused(Reply::kGeneralFailure);
  if (bytes.size() >= 2 && bytes[1] != kConnect) return refused(Reply::kCommandNotSupported);
  if (bytes.size() >= 3 && bytes[2] != 0) return refused(Reply::kGeneralFailure);
  if (bytes.size() < kRequestHead + 1) return {};

  Request request;
  std::size_t at = kRequestHead;
  std::size_t length = 0;
  switch (bytes[3]) {
    case kIpv4: length = 4; break;
    case kIpv6: length = 16; break;
    case kDomainName:
      length = bytes[at++];
      if (length == 0) return refused(Reply::kGeneralFailure);
      break;
    default: return refused(Reply::kAddressTypeNotSupported);
  }
  if (bytes.size() < at + length + kPortBytes) return {};
  if (bytes[3] == kIpv4) {
    request.host = base::IpAddress::v4(bytes.subspan(at).first<4>());
  } else if (bytes[3] == kIpv6) {
    base::IpAddress::Octets octets{};
    std::ranges::copy(bytes.subspan(at, octets.size()), octets.begin());
    request.host = base::IpAddress::v6(octets);
  } else {
    request.host = text_at(bytes, at, length);
  }
  at += length;
  request.state = State::kComplete;
  request.size = at + kPortBytes;
  request.port = static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
  return request;
}

std::vector<std::uint8_t> method_selection(Method method) { return {kVersion, static_cast<std::uint8_t>(method)}; }

std::vector<std::uint8_t> login_status(bool accepted) {
  return {kLoginVersion, static_cast<std::uint8_t>(accepted ? 0x00 : 0x01)};
}

std::vector<std::uint8_t> reply(Reply code) {
  return {kVersion, static_cast<std::uint8_t>(code), 0x00, kIpv4, 0, 0, 0, 0, 0, 0};
}

}  // namespace sallyport::wire::socks5
