#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "wire/sigv4.h"
#include "wire/sigv4_vectors_test.h"
#include "wire/uri.h"

namespace sallyport::wire::sigv4 {
namespace {

constexpr std::string_view kKeyId = "AKIAIOSFODNN7EXAMPLE";

struct Signed {
  std::string method = "POST";
  std::string target;
  std::vector<Header> headers;
  std::string body;

  Request request() const { return {method, target, headers, body}; }
};

rc::Gen<std::string> any_bytes() { return rc::gen::container<std::string>(rc::gen::arbitrary<char>()); }

// A segment that is never empty, "." or "..".
std::string any_segment() { return "s" + percent_encode(*any_bytes()); }

Signed any_signed(const std::string& secret, base::Time time) {
  Signed out;
  out.target = "/" + any_segment() + "/" + any_segment();
  const auto pairs = *rc::gen::container<Pairs>(rc::gen::pair(any_bytes(), any_bytes()));
  char separator = '?';
  for (const auto& [name, value] : pairs) {
    if (name.starts_with("X-Amz-")) continue;
    out.target += separator + percent_encode(name) + '=' + percent_encode(value);
    separator = '&';
  }
  out.headers.emplace_back("Host", "eks.example:" + std::to_string(*rc::gen::inRange(1, 65536)));
  out.headers.emplace_back("X-Thing", *rc::gen::container<std::string>(rc::gen::inRange<char>(0x20, 0x7f)));
  out.body = *any_bytes();
  for (Header& added : sign(out.request(), {kKeyId, secret}, time, "us-east-1", "eks")) {
    out.headers.push_back(std::move(added));
  }
  return out;
}

bool accepted(const Signed& request, const std::string& secret, base::Time now) {
  const auto authorization = read_authorization(request.request());
  return authorization && verify(request.request(), *authorization, secret, "us-east-1", now).has_value();
}

base::Time any_time() { return base::Time(std::chrono::seconds(*rc::gen::inRange<std::int64_t>(0, 4'102'444'800))); }

RC_GTEST_PROP(SigV4Property, WhatIsSignedIsAccepted, (const std::string& secret)) {
  const base::Time time = any_time();
  RC_ASSERT(accepted(any_signed(secret, time), secret, time));
}

RC_GTEST_PROP(SigV4Property, AFlippedBitOfTheSignatureIsRefused, ()) {
  const base::Time time = any_time();
  Signed request = any_signed("secret", time);
  std::string& value = request.headers.back().second;
  const auto at = value.size() - 1 - *rc::gen::inRange<std::size_t>(0, 64);
  value[at] = static_cast<char>(value[at] ^ (1 << *rc::gen::inRange(0, 8)));
  RC_ASSERT(!accepted(request, "secret", time));
}

RC_GTEST_PROP(SigV4Property, AFlippedBitOfTheBodyIsRefused, ()) {
  const base::Time time = any_time();
  Signed request = any_signed("secret", time);
  RC_PRE(!request.body.empty());
  const auto at = *rc::gen::inRange<std::size_t>(0, request.body.size());
  request.body[at] = static_cast<char>(request.body[at] ^ (1 << *rc::gen::inRange(0, 8)));
  RC_ASSERT(!accepted(request, "secret", time));
}

RC_GTEST_PROP(SigV4Property, AnotherLetterInASignedHeaderIsRefused, ()) {
  const base::Time time = any_time();
  Signed request = any_signed("secret", time);
  request.headers[1].second.insert(*rc::gen::inRange<std::size_t>(0, request.headers[1].second.size() + 1), "x");
  RC_ASSERT(!accepted(request, "secret", time));
}

RC_GTEST_PROP(SigV4Property, AnotherLetterInTheTargetIsRefused, ()) {
  const base::Time time = any_time();
  Signed request = any_signed("secret", time);
  request.target.insert(*rc::gen::inRange<std::size_t>(1, request.target.size() + 1), "x");
  RC_ASSERT(!accepted(request, "secret", time));
}

RC_GTEST_PROP(SigV4Property, AnyChangedByteOfAPresignedTargetIsRefused, ()) {
  for (const vectors::Vector& vector : vectors::kVectors) {
    if (!vector.name.starts_with("presigned")) continue;
    Signed request{vector.method, vector.target, vector.headers, vector.body};
    const auto at = *rc::gen::inRange<std::size_t>(0, request.target.size());
    const char byte = *rc::gen::inRange<char>(0x21, 0x7f);
    // A percent-encoding may be written in either case; the request is the same.
    RC_PRE(request.target[at] != byte && (request.target[at] ^ byte) != 0x20);
    request.target[at] = byte;
    RC_ASSERT(!accepted(request, std::string(vectors::kSecret), vectors::kSignedAt));
  }
}

RC_GTEST_PROP(UriProperty, DecodingUndoesEncoding, ()) {
  const std::string text = *any_bytes();
  RC_ASSERT(percent_decode(percent_encode(text)) == text);
}

TEST(Uri, BadEncodingsAreRefused) {
  for (const char* bad : {"%", "%4", "%4g", "a%", "%%41"})
    EXPECT_FALSE(percent_decode(bad).has_value()) << bad;
  EXPECT_FALSE(parse_pairs("a=1&%zz=2").has_value());
}

TEST(Uri, PairsKeepOrderAndEmptyValues) {
  const Pairs expected = {{"b", ""}, {"a", "1+1"}, {"a", "x y"}, {"c", "=d"}};
  EXPECT_EQ(parse_pairs("b&a=1+1&&a=x%20y&c==d"), expected);
  EXPECT_EQ(parse_pairs("a=1+1", Plus::kIsSpace), (Pairs{{"a", "1 1"}}));
  EXPECT_EQ(parse_pairs(""), Pairs{});
}

TEST(Uri, TooManyPairsAreRefused) {
  std::string text;
  for (int i = 0; i < 4'096; ++i)
    text += "&a";
  EXPECT_TRUE(parse_pairs(text).has_value());
  EXPECT_FALSE(parse_pairs(text + "&a").has_value());
}

TEST(Uri, OnlyValueRefusesRepetition) {
  const Pairs pairs = {{"a", "1"}, {"b", "2"}, {"b", "3"}};
  EXPECT_EQ(only_value(pairs, "a"), "1");
  EXPECT_EQ(only_value(pairs, "b"), std::nullopt);
  EXPECT_EQ(only_value(pairs, "c"), std::nullopt);
}

}  // namespace
}  // namespace sallyport::wire::sigv4
