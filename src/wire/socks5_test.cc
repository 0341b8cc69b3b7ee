#include "wire/socks5.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string_view>
#include <vector>

namespace sallyport::wire::socks5 {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes operator+(Bytes bytes, std::string_view text) {
  bytes.insert(bytes.end(), text.begin(), text.end());
  return bytes;
}

// Every proper beginning asks for more, and bytes behind the message do not change it.
template <class Read>
void expect_whole(Read read, const Bytes& message) {
  for (std::size_t size = 0; size < message.size(); ++size) {
    EXPECT_EQ(read(std::span(message).first(size)).state, State::kNeedsMore) << size;
  }
  EXPECT_EQ(read(message).size, message.size());
  EXPECT_EQ(read(message + "more").size, message.size());
}

TEST(Socks5, Greeting) {
  const Bytes curl{5, 3, 0, 1, 2};
  expect_whole(read_greeting, curl);
  EXPECT_EQ(read_greeting(curl).state, State::kComplete);
  EXPECT_TRUE(read_greeting(curl).offers_password);
  EXPECT_FALSE(read_greeting(Bytes{5, 1, 0}).offers_password);
  EXPECT_FALSE(read_greeting(Bytes{5, 1, 0, 2}).offers_password) << "behind the methods";
}

TEST(Socks5, GreetingOfOthers) {
  for (const Bytes& bytes : {Bytes{4}, Bytes{4, 1, 0, 80}, Bytes{0x16, 3, 1}, Bytes{'G', 'E', 'T'}, Bytes{5, 0}}) {
    EXPECT_EQ(read_greeting(bytes).state, State::kInvalid);
  }
}

TEST(Socks5, Login) {
  const Bytes message = Bytes{1, 4} + "user" + "\x06" + "secret";
  expect_whole(read_login, message);
  EXPECT_EQ(read_login(message).username, "user");
  EXPECT_EQ(read_login(message).password, "secret");
  const Bytes longest = Bytes{1, 255} + std::string(255, 'u') + "\xff" + std::string(255, 'p');
  EXPECT_EQ(longest.size(), kMaxMessageBytes);
  expect_whole(read_login, longest);
  EXPECT_EQ(read_login(Bytes{5}).state, State::kInvalid);
  EXPECT_EQ(read_login(Bytes{1, 0}).state, State::kInvalid);
  EXPECT_EQ(read_login(Bytes{1, 1, 'u', 0}).state, State::kInvalid);
}

TEST(Socks5, RequestForAName) {
  const Bytes whole = Bytes{5, 1, 0, 3, 11} + "example.com" + "\x01\xbb";
  expect_whole(read_request, whole);
  EXPECT_EQ(std::get<std::string>(read_request(whole).host), "example.com");
  EXPECT_EQ(read_request(whole).port, 443);
}

TEST(Socks5, RequestForAnAddress) {
  const Bytes v4{5, 1, 0, 1, 192, 0, 2, 1, 0x1f, 0x90};
  expect_whole(read_request, v4);
  EXPECT_EQ(std::get<base::IpAddress>(read_request(v4).host).to_string(), "192.0.2.1");
  EXPECT_EQ(read_request(v4).port, 8080);
  const Bytes v6{5, 1, 0, 4, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 187};
  expect_whole(read_request, v6);
  EXPECT_EQ(std::get<base::IpAddress>(read_request(v6).host).to_string(), "2001:db8::1");
}

TEST(Socks5, RefusedRequests) {
  const auto refusal = [](const Bytes& bytes) {
    const Request request = read_request(bytes);
    EXPECT_EQ(request.state, State::kInvalid);
    return request.refusal;
  };
  EXPECT_EQ(refusal({5, 2}), Reply::kCommandNotSupported);
  EXPECT_EQ(refusal({5, 3, 0, 1}), Reply::kCommandNotSupported);
  EXPECT_EQ(refusal({4}), Reply::kGeneralFailure);
  EXPECT_EQ(refusal({5, 1, 9}), Reply::kGeneralFailure);
  EXPECT_EQ(refusal({5, 1, 0, 3, 0}), Reply::kGeneralFailure);
  EXPECT_EQ(refusal({5, 1, 0, 2, 0}), Reply::kAddressTypeNotSupported);
}

TEST(Socks5, Answers) {
  EXPECT_EQ(method_selection(Method::kPassword), (Bytes{5, 2}));
  EXPECT_EQ(method_selection(Method::kNoneAcceptable), (Bytes{5, 255}));
  EXPECT_EQ(login_status(true), (Bytes{1, 0}));
  EXPECT_EQ(login_status(false), (Bytes{1, 1}));
  EXPECT_EQ(reply(Reply::kNotAllowed), (Bytes{5, 2, 0, 1, 0, 0, 0, 0, 0, 0}));
}

RC_GTEST_PROP(Socks5, AnyBytesEndInAStateWithinThem, (const Bytes& bytes)) {
  const auto sound = [&](const auto& read) {
    RC_ASSERT((read.state == State::kComplete) == (read.size > 0));
    RC_ASSERT(read.size <= bytes.size());
    RC_ASSERT(read.state != State::kNeedsMore || bytes.size() < kMaxMessageBytes);
  };
  sound(read_greeting(bytes));
  sound(read_login(bytes));
  sound(read_request(bytes));
}

}  // namespace
}  // namespace sallyport::wire::socks5
