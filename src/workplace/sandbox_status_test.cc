#include "workplace/sandbox_status.h"

#include <gtest/gtest.h>

namespace sallyport::workplace {
namespace {

TEST(SandboxStatus, HearsItInPieces) {
  SandboxStatus status;
  status.hear("{ \"child-pid\": 26");
  EXPECT_FALSE(status.first());
  status.hear("384, \"mnt-namespace\": 4026532178 }\n{ \"exit-");
  EXPECT_EQ(status.first(), 26'384);
  EXPECT_FALSE(status.exit_code());
  status.hear("code\": 0 }\n");
  EXPECT_EQ(status.exit_code(), 0);
}

TEST(SandboxStatus, PassesOverWhatItDoesNotKnow) {
  SandboxStatus status;
  status.hear(
      "\nnull\n[1]\n{\"child-pid\":\"7\"}\n{\"child-pid\":-1}\n{\"child-pid\":0}\n{\"child-pid\":1}\n{\"child-pid\":1."
      "5}\n");
  status.hear("{\"child-pid\":99999999999}\n" + std::string(100'000, 'x') + "\n");
  EXPECT_FALSE(status.first());
  EXPECT_FALSE(status.exit_code());
  status.hear("{\"child-pid\":12}\n{\"child-pid\":13}\n");
  EXPECT_EQ(status.first(), 12) << "the first word counts";
}

}  // namespace
}  // namespace sallyport::workplace
