#include "app/render.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "app/completion.h"
#include "app/logging.h"
#include "app/render_preview.h"
#include "app/render_traffic.h"
#include "app/terminal.h"

namespace sallyport::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

boost::json::object json(std::string_view text) { return boost::json::parse(text).as_object(); }

const Painter kPlain(false);
const Painter kColour(true);

TEST(Terminal, AlignsColumnsByCharactersNotBytes) {
  EXPECT_EQ(table(kPlain, {"A", "B"}, {{{"ä"}, {"1"}}, {{"xyz"}, {"2"}}}),
            "A    B\n"
            "ä    1\n"
            "xyz  2\n");
  EXPECT_EQ(table(kPlain, {"A"}, {}), "");
}

TEST(Terminal, PaintsOnlyWhereColourIsWanted) {
  EXPECT_EQ(kPlain("deny", Tone::kBad), "deny");
  EXPECT_EQ(kColour("deny", Tone::kBad), "\033[31mdeny\033[0m");
}

TEST(Terminal, ControlCharactersCannotDriveIt) {
  EXPECT_EQ(kPlain("a\033[2Jb\x07"), "a?[2Jb?");
  EXPECT_EQ(kColour("\033]0;x\x07", Tone::kBold), "\033[1m?]0;x?\033[0m");
}

TEST(Render, UpdateShowsCutsWarningsErrorsAndBothSettings) {
  const std::string text = render_update(json(R"({"cluster":"c","update":{"id":"u-1","type":"EndpointAccessUpdate",
    "status":"Failed","step":"done","connectionsCut":3,"warnings":["w one"],
    "errors":[{"code":"OperationNotPermitted","message":"no"}],
    "change":{"from":{"publicAccess":true,"privateAccess":false,"publicAccessCidrs":["0.0.0.0/0"]},
              "to":{"publicAccess":false,"privateAccess":true,"publicAccessCidrs":["0.0.0.0/0"]}}}})"),
                                         kPlain);
  EXPECT_THAT(text, AllOf(HasSubstr("connections cut  3\n"), HasSubstr("w one"), HasSubstr("OperationNotPermitted: no"),
                          HasSubstr("public, public from 0.0.0.0/0  ->  private\n"), HasSubstr("Failed (done)")));
}

TEST(Render, ClusterShowsHealthConnectionsAndUpdates) {
  const std::string text = render_cluster(json(R"({"cluster":{"name":"c","status":"ACTIVE","endpoint":"https://e",
    "access":{"publicAccess":true,"privateAccess":true,"publicAccessCidrs":[]},
    "healthIssues":[{"code":"ConfigurationConflict","message":"run kubeadm"}]},
    "connections":{"total":2,"sources":[{"source":"192.0.2.1","side":"public","count":2}]},
    "updates":[{"id":"u-1","type":"LoggingUpdate","status":"Successful","connectionsCut":0,"warnings":["w"]}]})"),
                                          kPlain);
  EXPECT_THAT(text, AllOf(HasSubstr("public and private, public from nowhere"), HasSubstr("run kubeadm"),
                          HasSubstr("192.0.2.1  public  2"), HasSubstr("u-1     w\n"), Not(HasSubstr("\033"))));
}

TEST(Render, ExplainSaysDenyAndWhy) {
  const std::string_view denied = R"({"host":"h","source":"192.0.2.1","vantage":"public",
    "dns":{"addresses":[],"status":"NXDOMAIN","reason":"unknown-name"},"arrival":{"side":"public"},
    "decision":{"allow":false,"reason":"no-public-cidr-match","matchedRule":""},"reachable":false,"sentences":["One."]})";
  EXPECT_THAT(render_explain(json(denied), kPlain),
              AllOf(HasSubstr("NXDOMAIN (unknown-name)"), HasSubstr("nowhere"), HasSubstr("deny"),
                    HasSubstr("no-public-cidr-match\n"), HasSubstr("One.\n")));
  EXPECT_THAT(render_explain(json(denied), kColour), HasSubstr("\033[31mdeny\033[0m"));
}

TEST(Render, ExplainNamesTheWay) {
  const std::string_view joined = R"({"arrival":{"side":"private","connectedNetwork":{"block":"10.9.0.0/16",
    "via":"pcx-1"}},"decision":{"path":"connected-network"}})";
  EXPECT_THAT(render_explain(json(joined), kPlain), HasSubstr("connected-network by pcx-1\n"));
  EXPECT_THAT(render_explain(json(R"({"decision":{"path":"internet"}})"), kPlain), HasSubstr("internet\n"));
}

TEST(Render, ZonesShowRecordsOrTheObstacle) {
  const std::string text = render_zones(json(R"({"zones":[
    {"cluster":"a","id":"Z1","name":"h","vpc":"vpc-1","serving":true,"records":[{"type":"A","value":"10.0.0.9"},
                                                                              {"type":"AAAA","value":"fd00::9"}]},
    {"cluster":"b","id":"Z2","name":"i","vpc":"vpc-1","serving":false,"records":[],"obstacle":"no DNS"}]})"),
                                        kPlain);
  EXPECT_THAT(text, AllOf(HasSubstr("CLUSTER"), HasSubstr("Z1"), HasSubstr("A 10.0.0.9, AAAA fd00::9  serving\n"),
                          HasSubstr("no DNS\n")));
  EXPECT_THAT(render_zones(json(R"({"zones":[]})"), kPlain), HasSubstr("no private hosted zones"));
}

TEST(Render, StatusNamesWhatServesNobodyAndWhatIsSick) {
  const std::string text =
      render_status(json(R"({"version":"1","nodes":[{"name":"dns","acknowledged":3,"error":"lost"}],
    "gateway":{"kernelFilter":false},
    "listeners":[{"side":"private","bind":"10.0.0.1:443","advertise":"10.0.0.1:443"}],
    "pools":[{"name":"p","servers":[{"address":"10.0.0.5:6443","healthy":false,"problem":"connection refused"},
                                    {"address":"10.0.0.6:6443"}]}]})"),
                    kPlain);
  EXPECT_THAT(text, AllOf(HasSubstr("lost"), HasSubstr("serves nobody"), HasSubstr("connection refused"),
                          HasSubstr("not checked yet"), HasSubstr("not active; the gateway enforces the same")));
}

TEST(Render, AnEmptyAnswerDoesNotCrash) {
  for (const auto render :
       {render_status, render_explain, render_zones, render_cluster, render_traffic, render_preview, render_update}) {
    EXPECT_FALSE(render({}, kPlain).empty());
    EXPECT_FALSE(
        render(json(R"({"cluster":7,"update":[],"nodes":[1],"pools":{},"sentences":3,"dns":"x"})"), kPlain).empty());
  }
}

TEST(Render, TrafficSaysWhatWasAndWhatWouldBe) {
  const char* traffic = R"({"traffic":{"since":"2026-11-29T00:00:00.000Z","allowed":{"connections":7,"sources":[
      {"source":"192.0.2.1","side":"public","connections":7,"lastSeen":"x","allowedNow":true}],"sourcesOmitted":0},
      "denied":{"connections":3,"sources":[{"source":"192.0.2.9","side":"public","connections":2,"uncertain":1,
      "lastSeen":"x","allowedNow":false,"reason":"no-public-cidr-match"}],"sourcesOmitted":4},
      "unnamed":{"connections":1,"since":"2026-11-28T00:00:00.000Z"},
      "kernelFilter":{"active":true,"droppedSyns":5,"sourcesKnown":true,"note":"A note."}}})";
  const std::string plain = render_traffic(json(traffic), kPlain);
  EXPECT_THAT(plain, AllOf(HasSubstr("2 + up to 1"), HasSubstr("no-public-cidr-match"), HasSubstr("4 more denied"),
                           HasSubstr("2026-11-28"), HasSubstr("5 attempts"), Not(HasSubstr("A note.")),
                           Not(HasSubstr("\033"))));
  EXPECT_THAT(render_traffic(json(traffic), kColour), HasSubstr("\033[31mdenied\033[0m"));
}

TEST(Render, APreviewSaysWhatWouldBeCutAndWhatIsNotCounted) {
  const char* preview = R"({"cluster":"c","warnings":["w one"],
      "change":{"from":{"publicAccess":true,"publicAccessCidrs":["0.0.0.0/0"]},
                "to":{"publicAccess":true,"publicAccessCidrs":["192.0.2.0/24"]}},
      "connections":{"cut":3,"kept":2,"inEarlierProcesses":4,"cutSourcesOmitted":1,
                     "cutSources":[{"source":"198.51.100.7","side":"public","connections":2}]}})";
  EXPECT_THAT(render_preview(json(preview), kPlain),
              AllOf(HasSubstr("public, public from 0.0.0.0/0\n"), HasSubstr("public, public from 192.0.2.0/24\n"),
                    HasSubstr("would be cut  3\n"), HasSubstr("would stay    2\n"), HasSubstr("4 of all clusters"),
                    HasSubstr("w one"), HasSubstr("198.51.100.7  public  2"), HasSubstr("1 more sources")));
  EXPECT_THAT(render_preview(json(R"({"cluster":"c"})"), kPlain), HasSubstr("this process has no gateway"));
}

TEST(Logging, AMessageCannotForgeALine) { EXPECT_EQ(escaped("a\"b\\c\nd\x01"), "a\\\"b\\\\c\\nd\\u0001"); }

TEST(Completion, KnowsEveryCommandAndOption) {
  const std::vector<CommandShape> commands{
      {"serve", "Run it", {{"--config", "File", true, {}}, {"--level", "How", true, {"a", "b"}}}, {}},
      {"completion", "It's a script", {}, {"bash", "zsh"}}};
  for (const char* shell : {"bash", "zsh", "fish"}) {
    EXPECT_THAT(completion_script(shell, commands),
                AllOf(HasSubstr("serve"), HasSubstr("config"), HasSubstr("a b"), HasSubstr("bash zsh")))
        << shell;
  }
  EXPECT_EQ(completion_script("tcsh", commands), "");
}

}  // namespace
}  // namespace sallyport::app
