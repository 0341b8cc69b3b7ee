#include "api/console_site.h"

#include <gtest/gtest.h>

#include <array>

namespace sallyport::api {
namespace {

constexpr auto kFiles = std::to_array<ConsoleFile>({
    {"assets/index-abc.js", "text/javascript; charset=utf-8", "11", "plain script", "zipped script"},
    {"icon.svg", "image/svg+xml", "22", "<svg/>", ""},
    {"index.html", "text/html; charset=utf-8", "33", "plain page", "zipped page"},
});

using Headers = std::vector<std::pair<std::string, std::string>>;

std::string header(const HttpResponse& response, std::string_view name) {
  std::string joined;
  for (const auto& [key, value] : response.headers) {
    if (key == name) joined += (joined.empty() ? "" : "|") + value;
  }
  return joined;
}

class ConsoleSiteTest : public testing::Test {
 protected:
  std::optional<HttpResponse> ask(const std::string& target, Headers headers = {}, const std::string& method = "GET") {
    HttpRequest request;
    request.method = method;
    request.target = target;
    request.headers = std::move(headers);
    request.source = base::IpAddress::v4(0xcb007105);
    return site_.answer(request);
  }
  HttpResponse get(const std::string& target, Headers headers = {}) {
    const auto answer = ask(target, std::move(headers));
    EXPECT_TRUE(answer) << target;
    return answer.value_or(HttpResponse{.status = 0});
  }

  ConsoleSite site_{kFiles, model::Region("eu-central-1"), "1.2.3"};
};

TEST_F(ConsoleSiteTest, LeavesTheApiItsRequests) {
  for (const char* target : {"/clusters", "/", "/?Action=GetCallerIdentity", "/consoles", "/console2/", "//console/"})
    EXPECT_FALSE(ask(target)) << target;
  EXPECT_FALSE(ask("/", {{"Accept", "text/html"}, {"Authorization", "AWS4-HMAC-SHA256 …"}}));
  EXPECT_FALSE(ask("/", {{"Accept", "text/html"}}, "POST"));
  EXPECT_FALSE(ask("/", {{"Accept", "*/*"}}));
}

TEST_F(ConsoleSiteTest, LeadsPeopleToThePage) {
  const HttpResponse root = get("/", {{"Accept", "text/html,application/xhtml+xml"}});
  EXPECT_EQ(root.status, 302);
  EXPECT_EQ(header(root, "Location"), "/console/");
  EXPECT_EQ(get("/console").status, 308);
  EXPECT_EQ(get("/console/").body, "plain page");
  EXPECT_EQ(get("/console/?x=1").body, "plain page");
  EXPECT_EQ(get("/console/index.html").body, "plain page");
}

TEST_F(ConsoleSiteTest, EveryAnswerCarriesThePolicy) {
  for (const char* target :
       {"/console", "/console/", "/console/assets/index-abc.js", "/console/settings.json", "/console/x"}) {
    const HttpResponse response = get(target);
    const std::string policy = header(response, "Content-Security-Policy");
    EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';")) << target;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
    EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(header(response, "X-Frame-Options"), "DENY");
    EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), "");
    EXPECT_EQ(header(response, "Set-Cookie"), "");
  }
}

TEST_F(ConsoleSiteTest, CachesForEverWhatIsNamedByItsHashAndAsksAgainForTheRest) {
  EXPECT_EQ(header(get("/console/assets/index-abc.js"), "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(get("/console/"), "Cache-Control"), "no-cache");
  EXPECT_EQ(header(get("/console/settings.json"), "Cache-Control"), "no-store");
}

TEST_F(ConsoleSiteTest, CompressesWhereTheBrowserTakesIt) {
  for (const char* accepted : {"gzip", "deflate, gzip;q=1.0", "br,GZIP ; q=0.5"}) {
    const HttpResponse zipped = get("/console/assets/index-abc.js", {{"Accept-Encoding", accepted}});
    EXPECT_EQ(zipped.body, "zipped script") << accepted;
    EXPECT_EQ(header(zipped, "Content-Encoding"), "gzip");
    EXPECT_EQ(header(zipped, "Vary"), "Accept-Encoding");
    EXPECT_EQ(header(zipped, "Content-Type"), "text/javascript; charset=utf-8");
  }
  for (const char* refused : {"", "br", "gzip;q=0", "gzip;q=0.000, br"}) {
    const HttpResponse plain = get("/console/assets/index-abc.js", {{"Accept-Encoding", refused}});
    EXPECT_EQ(plain.body, "plain script") << refused;
    EXPECT_EQ(header(plain, "Content-Encoding"), "");
    EXPECT_EQ(header(plain, "Vary"), "Accept-Encoding");
  }
  EXPECT_EQ(get("/console/icon.svg", {{"Accept-Encoding", "gzip"}}).body, "<svg/>");
}

TEST_F(ConsoleSiteTest, SendsNothingThatTheBrowserHas) {
  const std::string tag = header(get("/console/"), "ETag");
  const std::string zipped = header(get("/console/", {{"Accept-Encoding", "gzip"}}), "ETag");
  EXPECT_NE(tag, zipped);
  for (const std::string& known : {tag, "W/" + tag, "\"x\", " + tag, std::string("*")}) {
    const HttpResponse same = get("/console/", {{"If-None-Match", known}});
    EXPECT_EQ(same.status, 304) << known;
    EXPECT_EQ(same.body, "");
    EXPECT_EQ(header(same, "ETag"), tag);
  }
  EXPECT_EQ(get("/console/", {{"If-None-Match", zipped}}).status, 200);
  EXPECT_EQ(get("/console/", {{"If-None-Match", zipped}, {"Accept-Encoding", "gzip"}}).status, 304);
}

TEST_F(ConsoleSiteTest, TellsRegionVersionAndWhereTheBrowserIs) {
  EXPECT_EQ(get("/console/settings.json").body,
            R"({"region":"eu-central-1","version":"1.2.3","sourceAddress":"203.0.113.5","workplace":false})");
  HttpRequest request;
  request.method = "GET";
  request.target = "/console/settings.json";
  const auto offered = ConsoleSite(kFiles, model::Region("eu-central-1"), "1", true).answer(request);
  EXPECT_NE(offered->body.find(R"("workplace":true)"), std::string::npos);
}

TEST_F(ConsoleSiteTest, RefusesWhatItDoesNotServe) {
  for (const char* target :
       {"/console/assets/", "/console/../etc/passwd", "/console/assets/index-abc.js/", "/console//"})
    EXPECT_EQ(get(target).status, 404) << target;
  const auto posted = ask("/console/", {}, "POST");
  ASSERT_TRUE(posted);
  EXPECT_EQ(posted->status, 405);
  EXPECT_EQ(header(*posted, "Allow"), "GET, HEAD");
}

TEST(ConsoleSite, SaysThatABuildHasNoConsole) {
  const ConsoleSite site({}, model::Region("us-east-1"), "1");
  HttpRequest request;
  request.method = "GET";
  request.target = "/console/";
  const auto answer = site.answer(request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 404);
  EXPECT_NE(answer->body.find("built without the console"), std::string::npos);
  request.target = "/";
  request.headers = {{"Accept", "text/html"}};
  EXPECT_FALSE(site.answer(request));
}

}  // namespace
}  // namespace sallyport::api
