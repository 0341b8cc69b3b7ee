#include "provider/state.h"

#include <gtest/gtest.h>

#include <string>

#include "provider/test_state.h"

namespace sallyport::provider {
namespace {

TEST(ClusterState, SurvivesItsText) {
  ClusterState state = sample_state();
  state.webhooks = true;
  state.was_ready = true;
  state.address = *base::IpAddress::parse("2001:db8::1");
  const auto again = parse_state(render_state(state));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, state);
}

TEST(ClusterState, NamesWhatIsNotAsWritten) {
  const std::string good = render_state(sample_state());
  const auto spoiled = [&](const std::string& part, const std::string& by) {
    std::string text = good;
    text.replace(text.find(part), part.size(), by);
    const auto parsed = parse_state(text);
    return parsed ? std::string("parsed") : parsed.error().message;
  };
  EXPECT_NE(spoiled("21000", "70000").find("apiPort"), std::string::npos);
  EXPECT_NE(spoiled("21001", "-1").find("etcdClientPort"), std::string::npos);
  EXPECT_NE(spoiled("\"1.34\"", "\"next\"").find("version"), std::string::npos);
  EXPECT_NE(spoiled("\"127.0.0.1\"", "\"here\"").find("address"), std::string::npos);
  EXPECT_NE(spoiled("\"wasReady\"", "\"wasSteady\"").find("wasReady"), std::string::npos);
  EXPECT_NE(spoiled("\"192.0.2.7\"", "7").find("sans"), std::string::npos);
}

TEST(ClusterState, ATextCutShortOrOfAnotherKindIsCorrupt) {
  const std::string good = render_state(sample_state());
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(parse_state(good.substr(0, size))) << size;
  for (const char* other : {"null", "[]", "7", "{}"})
    EXPECT_FALSE(parse_state(other)) << other;
}

TEST(SupervisorStatus, SurvivesItsText) {
  const SupervisorStatus status{7, {8, "ab", 1, ""}, {0, "cd", 12, "signal 9"}};
  const auto again = parse_status(render_status(status));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, status);
}

TEST(SupervisorStatus, NamesWhatIsNotAsWritten) {
  std::string text = render_status({7, {8, "ab", 1, ""}, {9, "cd", 2, ""}});
  text.replace(text.find("\"pid\":9"), 7, "\"pid\":x");
  EXPECT_FALSE(parse_status(text));
  const auto missing = parse_status(R"({"supervisor":7,"etcd":{}})");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("etcd"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::provider
