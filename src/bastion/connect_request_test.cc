#include "bastion/connect_request.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/bytes.h"

namespace sallyport::bastion {
namespace {

const std::string kPair = base::to_base64(base::as_bytes("AKIAIOSFODNN7EXAMPLE:a:secret/+"));

tl::expected<ConnectRequest, Refusal> read(const std::string& target, const std::string& headers = "") {
  return read_connect("CONNECT " + target + " HTTP/1.1\r\n" + headers + "\r\n");
}

Refusal refusal_of(const std::string& target, const std::string& headers = "") {
  const auto request = read(target, headers);
  return request ? Refusal::kGone : request.error();
}

TEST(ConnectRequest, AsClientsSendIt) {
  const auto request =
      read("host.example:443", "Host: host.example:443\r\nUser-Agent: curl/8\r\nProxy-Authorization: Basic " + kPair +
                                   "\r\nProxy-Connection: Keep-Alive\r\n");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->host, "host.example");
  EXPECT_EQ(request->port, 443);
  ASSERT_TRUE(request->credentials);
  EXPECT_EQ(request->credentials->access_key_id, "AKIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(request->credentials->secret, "a:secret/+") << "the first colon separates (RFC 7617)";
  EXPECT_TRUE(read_connect("CONNECT a:1 HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(read("a:1", "Content-Length: 0\r\n"));
}

TEST(ConnectRequest, Targets) {
  EXPECT_EQ(read("[2001:db8::1]:443")->host, "2001:db8::1");
  EXPECT_EQ(read("2001:db8::1:443")->host, "2001:db8::1");
  for (const char* bad : {"host", "host:", ":443", "host:0", "host:65536", "host:-1", "host:4x", "host:443/", "/",
                          "[::1:443", "::1]:443", "[]:443", "http://host/", "*"}) {
    EXPECT_EQ(refusal_of(bad), Refusal::kMalformed) << bad;
  }
}

TEST(ConnectRequest, CredentialsThatAreNone) {
  for (const char* value : {"", "Basic", "Basic ", "Basic !", "Basic Zg==", "Bearer abc",
                            "Negotiate Zm9vOmJhcg==", "BasicZm9vOmJhcg==", "Basic Zm9vOmJhcg"}) {
    const auto request = read("a:1", "Proxy-Authorization: " + std::string(value) + "\r\n");
    ASSERT_TRUE(request) << value;
    EXPECT_FALSE(request->credentials) << value;
  }
  EXPECT_TRUE(read("a:1", "proxy-authorization: bAsIc   Zm9vOmJhcg==\r\n")->credentials);
  EXPECT_FALSE(read("a:1", "Authorization: Basic Zm9vOmJhcg==\r\n")->credentials) << "meant for the server";
}

TEST(ConnectRequest, WhatIsRefused) {
  EXPECT_EQ(read_connect("GET / HTTP/1.1\r\nHost: x\r\n\r\n").error(), Refusal::kNotConnect);
  EXPECT_EQ(read_connect("BREW / HTTP/1.1\r\nHost: x\r\n\r\n").error(), Refusal::kNotConnect);
  EXPECT_EQ(refusal_of("a:1", "Content-Length: 3\r\n"), Refusal::kMalformed);
  EXPECT_EQ(refusal_of("a:1", "Transfer-Encoding: chunked\r\n"), Refusal::kMalformed);
  EXPECT_EQ(refusal_of("a:1", "Proxy-Authorization: Basic Zg==\r\nProxy-Authorization: Basic Zg==\r\n"),
            Refusal::kMalformed);
  EXPECT_EQ(refusal_of("a:1", "no colon\r\n"), Refusal::kMalformed);
  EXPECT_EQ(read_connect("CONNECT a:1 HTTP/1.1\r\n").error(), Refusal::kMalformed) << "not whole";
  EXPECT_EQ(read_connect("").error(), Refusal::kMalformed);
}

RC_GTEST_PROP(ConnectRequest, AnyBytesEnd, (const std::string& text)) {
  read_connect(text);
  read_connect(text + "\r\n\r\n");
  read("a:1", text + "\r\n");
}

}  // namespace
}  // namespace sallyport::bastion
