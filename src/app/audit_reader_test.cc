#include "app/audit_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "app/render_audit.h"
#include "base/test_folder.h"

namespace sallyport::app {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

std::string record(const std::string& time, const std::string& id, const std::string& error = {}) {
  boost::json::object made{{"eventTime", time},
                           {"userIdentity", {{"type", "IAMUser"}, {"arn", "arn:aws:iam::000000000000:user/ann"}}},
                           {"eventSource", "eks.amazonaws.com"},
                           {"eventName", "ListClusters"},
                           {"sourceIPAddress", "192.0.2.7"},
                           {"requestID", id}};
  if (!error.empty()) made["errorCode"] = error;
  return boost::json::serialize(made) + "\n";
}

class AuditReaderTest : public testing::Test {
 protected:
  void put(const std::string& name, const std::string& text) {
    folder_.write("000000000000_us-east-1_" + name + ".jsonl", text);
  }
  std::vector<std::string> ids(const AuditQuery& query) const {
    const auto page = newest_records(folder_.path(), query);
    if (!page) return {page.error().message};
    std::vector<std::string> found;
    for (const auto& one : page->records)
      found.emplace_back(one.at("requestID").as_string());
    return found;
  }
  base::TestFolder folder_;
};

TEST_F(AuditReaderTest, ShowsTheNewestFirstOverFilesAndBothFolders) {
  put("20261124T000000Z_000", record("2026-11-24T01:00:00Z", "a") + record("2026-11-24T02:00:00Z", "b"));
  put("20261125T000000Z_000", record("2026-11-25T01:00:00Z", "c") + record("2026-11-25T03:00:00Z", "e"));
  std::filesystem::create_directory(folder_.path() + "/unauthenticated");
  folder_.write("unauthenticated/000000000000_us-east-1_20261125T000000Z_000.jsonl",
                record("2026-11-25T02:00:00Z", "d"));
  EXPECT_THAT(ids({.limit = 20}), ElementsAre("e", "d", "c", "b", "a"));
  EXPECT_THAT(ids({.limit = 3}), ElementsAre("e", "d", "c"));
  EXPECT_THAT(ids({.limit = 20, .since = *base::parse_amz_date("20261125T010000Z")}), ElementsAre("e", "d", "c"));
}

TEST_F(AuditReaderTest, LeavesOutWhatIsNoRecordAndOneBeingWritten) {
  put("20261124T000000Z_000", record("2026-11-24T01:00:00Z", "a") + "{\"torn\n\n[]\n" +
                                  record("2026-11-24T02:00:00Z", "b") + R"({"requestID":"being written)");
  EXPECT_THAT(ids({.limit = 20}), ElementsAre("b", "a"));
  EXPECT_EQ(newest_records(folder_.path(), {.limit = 20})->damaged, 3U);
}

TEST_F(AuditReaderTest, ReadsLongFilesBlockByBlock) {
  std::string text;
  for (int i = 0; i < 5'000; ++i)
    text += record("2026-11-24T01:00:00Z", std::to_string(i));
  put("20261124T000000Z_000", text);
  const auto found = ids({.limit = 5'000});
  ASSERT_EQ(found.size(), 5'000U);
  EXPECT_EQ(found.front(), "4999");
  EXPECT_EQ(found.back(), "0");
}

TEST_F(AuditReaderTest, NoFolderIsSaid) {
  const auto page = newest_records(folder_.path() + "/none", {.limit = 1});
  ASSERT_FALSE(page);
  EXPECT_THAT(page.error().message, HasSubstr("/none cannot be read"));
}

TEST(AuditSince, TakesTimesDatesAndHowLongAgo) {
  const base::Time now = *base::parse_amz_date("20261124T143000Z");
  EXPECT_EQ(parse_since("2026-11-24T10:00:05Z", now), *base::parse_amz_date("20261124T100005Z"));
  EXPECT_EQ(parse_since("2026-11-24", now), *base::parse_amz_date("20261124T000000Z"));
  EXPECT_EQ(parse_since("90s", now), now - 90s);
  EXPECT_EQ(parse_since("15m", now), now - 15min);
  EXPECT_EQ(parse_since("2h", now), now - 2h);
  EXPECT_EQ(parse_since("7d", now), now - 7 * 24h);
  for (const char* text : {"", "x", "5", "5w", "-5m", "2026-13-24", "2026-11-24T10:00:05", "99999999999999999999d"}) {
    const auto none = parse_since(text, now);
    ASSERT_FALSE(none) << text;
    EXPECT_THAT(none.error().message, HasSubstr("such as 2026-11-24T14:30:00Z"));
  }
}

TEST(RenderAudit, ShowsWhoDidWhatAndWhatCameOfIt) {
  const auto parsed = [](const std::string& text) { return boost::json::parse(text).as_object(); };
  EXPECT_EQ(render_audit({parsed(record("2026-11-24T01:00:00Z", "r-1")),
                          parsed(record("2026-11-24T00:00:00Z", "r-2", "AccessDeniedException")),
                          parsed(R"({"userIdentity":{"type":"Unknown"},"eventName":"a\u001bb"})")},
                         Painter(false)),
            "TIME                  PRINCIPAL  SOURCE     ACTION            RESULT                 REQUEST\n"
            "2026-11-24T01:00:00Z  user/ann   192.0.2.7  eks:ListClusters  ok                     r-1\n"
            "2026-11-24T00:00:00Z  user/ann   192.0.2.7  eks:ListClusters  AccessDeniedException  r-2\n"
            "                      Unknown               :a?b              ok                     \n");
  EXPECT_EQ(render_audit({}, Painter(false)), "");
}

}  // namespace
}  // namespace sallyport::app
