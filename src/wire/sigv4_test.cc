#include "wire/sigv4.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "wire/sigv4_date.h"
#include "wire/sigv4_vectors_test.h"

namespace sallyport::wire::sigv4 {
namespace {

using vectors::kAccessKeyId;
using vectors::kRegion;
using vectors::kSecret;
using vectors::kSignedAt;
using vectors::Vector;
using namespace std::chrono_literals;

Checked<void> read_and_verify(const Vector& vector, base::Time now = kSignedAt, std::string_view region = kRegion) {
  const auto authorization = read_authorization(vector.request());
  if (!authorization) return tl::unexpected(authorization.error());
  return verify(vector.request(), *authorization, kSecret, region, now);
}

Cause cause_of(const Vector& vector, base::Time now = kSignedAt, std::string_view region = kRegion) {
  const auto checked = read_and_verify(vector, now, region);
  EXPECT_FALSE(checked.has_value()) << vector.name;
  return checked ? Cause{-1} : checked.error().cause;
}

Vector named(std::string_view name) {
  return *std::ranges::find(vectors::kVectors, name, [](const Vector& v) { return std::string_view(v.name); });
}

std::string& header(Vector& vector, std::string_view name) {
  return std::ranges::find(vector.headers, name, [](const Header& h) { return std::string_view(h.first); })->second;
}

void replace(std::string& text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from << " in " << text;
  text.replace(at, from.size(), to);
}

class BotocoreVector : public testing::TestWithParam<Vector> {};

TEST_P(BotocoreVector, IsAccepted) {
  const auto authorization = read_authorization(GetParam().request());
  ASSERT_TRUE(authorization.has_value()) << authorization.error().message;
  EXPECT_EQ(authorization->access_key_id, kAccessKeyId);
  EXPECT_EQ(authorization->service, GetParam().service);
  EXPECT_EQ(authorization->signed_at, kSignedAt);
  const auto verified = verify(GetParam().request(), *authorization, kSecret, kRegion, kSignedAt);
  EXPECT_TRUE(verified.has_value()) << verified.error().message;
}

TEST_P(BotocoreVector, IsRefusedWithAnotherSecret) {
  const auto authorization = read_authorization(GetParam().request());
  ASSERT_TRUE(authorization.has_value());
  const auto verified = verify(GetParam().request(), *authorization, "another", kRegion, kSignedAt);
  ASSERT_FALSE(verified.has_value());
  EXPECT_EQ(verified.error().cause, Cause::kMismatch);
}

TEST_P(BotocoreVector, IsRefusedOnceChanged) {
  Vector body = GetParam();
  body.body += ' ';
  EXPECT_EQ(cause_of(body), Cause::kMismatch);
  Vector method = GetParam();
  method.method = "PUT";
  EXPECT_EQ(cause_of(method), Cause::kMismatch);
  Vector host = GetParam();
  header(host, "Host") = "elsewhere.example";
  EXPECT_EQ(cause_of(host), Cause::kMismatch);
  Vector query = GetParam();
  query.target += query.target.find('?') == std::string::npos ? "?z=1" : "&z=1";
  EXPECT_EQ(cause_of(query), Cause::kMismatch);
  Vector path = GetParam();
  path.target.insert(1, "z");
  EXPECT_EQ(cause_of(path), Cause::kMismatch);
}

TEST_P(BotocoreVector, IsRefusedInAnotherRegion) {
  EXPECT_EQ(cause_of(GetParam(), kSignedAt, "eu-west-1"), Cause::kMismatch);
}

INSTANTIATE_TEST_SUITE_P(All, BotocoreVector, testing::ValuesIn(vectors::kVectors), [](const auto& param) {
  std::string name = param.param.name;
  std::ranges::replace(name, ' ', '_');
  return name;
});

TEST(SigV4Time, AdmitsFiveMinutesToEitherSideAndNoMore) {
  const Vector vector = named("ListClusters");
  EXPECT_TRUE(read_and_verify(vector, kSignedAt + 5min).has_value());
  EXPECT_TRUE(read_and_verify(vector, kSignedAt - 5min).has_value());
  EXPECT_EQ(cause_of(vector, kSignedAt + 5min + 1ms), Cause::kExpired);
  EXPECT_EQ(cause_of(vector, kSignedAt - 5min - 1ms), Cause::kExpired);
  EXPECT_EQ(read_and_verify(vector, kSignedAt + 10min).error().message,
            "Signature expired: 20261124T143000Z is now earlier than 20261124T143500Z (20261124T144000Z - 5 min.)");
  EXPECT_EQ(
      read_and_verify(vector, kSignedAt - 10min).error().message,
      "Signature not yet current: 20261124T143000Z is still later than 20261124T142500Z (20261124T142000Z + 5 min.)");
}

TEST(SigV4Time, APresignedRequestLivesAsLongAsItSays) {
  const Vector vector = named("presigned");
  EXPECT_TRUE(read_and_verify(vector, kSignedAt + 900s).has_value());
  EXPECT_EQ(cause_of(vector, kSignedAt + 900s + 1ms), Cause::kExpired);
  EXPECT_TRUE(read_and_verify(vector, kSignedAt - 5min).has_value());
  EXPECT_EQ(cause_of(vector, kSignedAt - 5min - 1ms), Cause::kExpired);
}

TEST(SigV4Time, TheScopesDateIsThatOfTheRequest) {
  Vector vector = named("ListClusters");
  header(vector, "X-Amz-Date") = "20261125T000000Z";
  EXPECT_EQ(cause_of(vector), Cause::kMismatch);
  for (const char* bad : {"", "2026-11-24T14:30:00Z", "20261324T143000Z", "20261124T143000", "Tue"}) {
    header(vector, "X-Amz-Date") = bad;
    EXPECT_EQ(cause_of(vector), Cause::kIncomplete) << bad;
  }
}

TEST(SigV4Time, DateHeaderForms) {
  for (const char* good : {"Tue, 24 Nov 2026 14:30:00 GMT", "Tue, 24 Nov 2026 14:30:00 -0000", "20261124T143000Z"}) {
    EXPECT_EQ(parse_date_header(good), kSignedAt) << good;
  }
  for (const char* bad :
       {"Tue, 24 Nov 2026 14:30:00 PST", "Tuesday, 24-Nov-26 14:30:00 GMT", "Tue, 24 Nov 2026 14:30:00",
        "Tue Nov 24 14:30:00 2026", "Tue, 24 Foo 2026 14:30:00 GMT", "Tue, 31 Nov 2026 14:30:00 GMT"}) {
    EXPECT_FALSE(parse_date_header(bad).has_value()) << bad;
  }
}

TEST(SigV4Refusal, UnsignedRequestsAreMissing) {
  Vector vector = named("ListClusters");
  std::erase_if(vector.headers, [](const Header& h) { return h.first == "Authorization"; });
  EXPECT_EQ(cause_of(vector), Cause::kMissing);
}

TEST(SigV4Refusal, ContradictionsAreIncomplete) {
  Vector twice = named("ListClusters");
  twice.headers.emplace_back("authorization", header(twice, "Authorization"));
  EXPECT_EQ(cause_of(twice), Cause::kIncomplete);

  Vector both = named("presigned");
  both.headers.emplace_back("Authorization", header(twice, "Authorization"));
  EXPECT_EQ(cause_of(both), Cause::kIncomplete);

  Vector dates = named("ListClusters");
  dates.headers.emplace_back("x-amz-date", "20261124T143000Z");
  EXPECT_EQ(cause_of(dates), Cause::kIncomplete);

  Vector hosts = named("ListClusters");
  hosts.headers.emplace_back("HOST", "127.0.0.1:8787");
  EXPECT_EQ(cause_of(hosts), Cause::kIncomplete);

  Vector query = named("presigned");
  query.target += "&X-Amz-Expires=901";
  EXPECT_EQ(cause_of(query), Cause::kIncomplete);
}

TEST(SigV4Refusal, MalformedAuthorizationHeaders) {
  const std::vector<std::pair<std::string, std::string>> edits = {
      {"AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256"},
      {"AWS4-HMAC-SHA256", "Bearer"},
      {"AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"},
      {"SignedHeaders=host;x-amz-date, ", ""},
      {"SignedHeaders=host;x-amz-date", "SignedHeaders="},
      {"SignedHeaders=host;x-amz-date", "SignedHeaders=x-amz-date"},
      {"SignedHeaders=host;x-amz-date", "SignedHeaders=host"},
      {"SignedHeaders=host;x-amz-date", "SignedHeaders=x-amz-date;host"},
      {"SignedHeaders=host;x-amz-date", "SignedHeaders=host;host;x-amz-date"},
      {"SignedHeaders=host;x-amz-date", "SignedHeaders=Host;x-amz-date"},
      {"SignedHeaders=host;x-amz-date", "SignedHeaders=host;x-absent;x-amz-date"},
      {"Signature=", "Signature=0"},
      {"Signature=e", "Signature=E"},
      {"Signature=", "Signature"},
      {", Signature=", ", Signature=00, Signature="},
      {", Signature=", ", Extra=1, Signature="},
      {"/aws4_request", ""},
      {"/aws4_request", "/aws4_request/"},
      {"/aws4_request", "/aws4_response"},
      {"/us-east-1/", "//"},
      {"AKIAIOSFODNN7EXAMPLE", std::string(kMaxAccessKeyIdBytes + 1, 'A')},
      {"SignedHeaders=", "SignedHeaders=" + std::string(kMaxAuthorizationBytes, 'a')},
  };
  for (const auto& [from, to] : edits) {
    Vector vector = named("ListClusters");
    replace(header(vector, "Authorization"), from, to);
    EXPECT_EQ(cause_of(vector), Cause::kIncomplete) << from << " -> " << to;
  }
}

TEST(SigV4Refusal, MalformedPresignedParameters) {
  const std::vector<std::pair<std::string, std::string>> edits = {
      {"X-Amz-Algorithm=AWS4-HMAC-SHA256&", ""},
      {"AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512"},
      {"X-Amz-Expires=900", "X-Amz-Expires=-0"},
      {"X-Amz-Expires=900", "X-Amz-Expires=604801"},
      {"X-Amz-Expires=900", "X-Amz-Expires=-1"},
      {"X-Amz-Expires=900", "X-Amz-Expires=900s"},
      {"X-Amz-Expires=900", "X-Amz-Expires=99999999999999999999"},
      {"X-Amz-Expires=900&", ""},
      {"X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders=x"},
      {"%2Faws4_request", "%2Faws4_reques"},
      {"%2Faws4_request", "%2"},
      {"%2Faws4_request", "%zzaws4_request"},
  };
  for (const auto& [from, to] : edits) {
    Vector vector = named("presigned");
    replace(vector.target, from, to);
    EXPECT_EQ(cause_of(vector), Cause::kIncomplete) << from << " -> " << to;
  }
}

TEST(SigV4Refusal, EveryAmzHeaderIsSigned) {
  for (const char* name : {"x-amz-target", "X-Amz-Content-Sha256", "X-AMZ-Security-Token"}) {
    Vector vector = named("ListClusters");
    vector.headers.emplace_back(name, "x");
    EXPECT_EQ(cause_of(vector), Cause::kIncomplete) << name;
  }
  Vector traced = named("ListClusters");
  traced.headers.emplace_back("X-Amzn-Trace-Id", "Root=1");
  EXPECT_TRUE(read_and_verify(traced).has_value());
}

TEST(SigV4Refusal, AmbiguousPathsAreRefused) {
  for (const char* path : {"//clusters", "/clusters//a", "/clusters/./a", "/clusters/../a", "/..", "clusters", "*"}) {
    Vector vector = named("ListClusters");
    vector.target = path;
    EXPECT_EQ(cause_of(vector), Cause::kIncomplete) << path;
  }
}

// Signs `vector` anew with `extra` among its headers, so that only the header's meaning can be at fault.
Vector resigned_with(std::string_view name, Header extra) {
  Vector vector = named(name);
  std::erase_if(vector.headers, [](const Header& h) { return h.first == "Authorization" || h.first == "X-Amz-Date"; });
  vector.headers.push_back(std::move(extra));
  for (Header& added : sign(vector.request(), {kAccessKeyId, kSecret}, kSignedAt, kRegion, vector.service)) {
    vector.headers.push_back(std::move(added));
  }
  return vector;
}

TEST(SigV4Token, IsReadFromWhereTheSignatureIs) {
  Vector vector = resigned_with("ListClusters", {"X-Amz-Security-Token", "abc/+="});
  EXPECT_TRUE(read_and_verify(vector).has_value());
  EXPECT_EQ(read_authorization(vector.request())->security_token, "abc/+=");
  EXPECT_FALSE(read_authorization(named("ListClusters").request())->security_token);

  Vector presigned = named("presigned");
  presigned.target += "&X-Amz-Security-Token=abc%2F%2B%3D";
  EXPECT_EQ(read_authorization(presigned.request())->security_token, "abc/+=");
  EXPECT_EQ(cause_of(presigned), Cause::kMismatch) << "the signature covers it";
}

TEST(SigV4Refusal, SessionTokensThatAreNotOne) {
  const std::string too_long(kMaxSecurityTokenBytes + 1, 'x');
  EXPECT_EQ(cause_of(resigned_with("ListClusters", {"X-Amz-Security-Token", too_long})), Cause::kSecurityToken);
  EXPECT_EQ(cause_of(resigned_with("ListClusters", {"X-Amz-Security-Token", ""})), Cause::kSecurityToken);
  Vector both = resigned_with("ListClusters", {"X-Amz-Security-Token", "x"});
  both.target += (both.target.find('?') == std::string::npos ? "?" : "&") + std::string("X-Amz-Security-Token=x");
  EXPECT_EQ(cause_of(both), Cause::kSecurityToken);
  Vector presigned = named("presigned");
  presigned.target += "&X-Amz-Security-Token=x&X-Amz-Security-Token=x";
  EXPECT_EQ(cause_of(presigned), Cause::kSecurityToken);
}

TEST(SigV4Payload, AStatedHashMustBeTheBodysOwn) {
  constexpr const char* kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  EXPECT_TRUE(read_and_verify(resigned_with("ListClusters", {"x-amz-content-sha256", kEmpty})).has_value());
  for (const char* bad : {"UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "", "e3b0"}) {
    EXPECT_EQ(cause_of(resigned_with("ListClusters", {"x-amz-content-sha256", bad})), Cause::kMismatch) << bad;
  }
  Vector presigned = named("presigned");
  presigned.target += "&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD";
  EXPECT_EQ(cause_of(presigned), Cause::kMismatch);
}

}  // namespace
}  // namespace sallyport::wire::sigv4
