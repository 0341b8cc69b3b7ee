#include "workplace/cgroup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace sallyport::workplace {
namespace {

using testing::HasSubstr;

TEST(Cgroups, ThePathIsOfTheUnifiedHierarchyAlone) {
  EXPECT_EQ(unified_path("0::/system.slice/w.service\n"), "/system.slice/w.service");
  EXPECT_EQ(unified_path("0::/"), "/");
  EXPECT_FALSE(unified_path("4:memory:/x\n1:name=systemd:/x\n0::/x\n"));
  EXPECT_FALSE(unified_path("4:cpu,cpuacct:/x\n3:pids:/x\n0::/x\n"));
  EXPECT_FALSE(unified_path(""));
}

// Plain files stand where a machine has a cgroup: what is written where can be seen, not what the kernel makes of it.

TEST(Cgroups, WithoutTheControllersThereIsNone) {
  const base::TestFolder folder;
  folder.write("self", "0::/w.service\n");
  folder.write("w.service/cgroup.controllers", "cpu memory\n");
  const auto taken = Cgroups::take(folder / "self", folder.path());
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("no pids controller"));
}

TEST(Cgroups, TakesItsOwnAndHandsTheControllersOn) {
  const base::TestFolder folder;
  folder.write("self", "0::/w.service\n");
  folder.write("w.service/cgroup.controllers", "cpuset cpu memory pids\n");
  folder.write("w.service/cgroup.subtree_control", "");
  folder.write("w.service/host/cgroup.procs", "");
  const auto taken = Cgroups::take(folder / "self", folder.path());
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(folder.read("w.service/host/cgroup.procs"), "0");
  EXPECT_EQ(folder.read("w.service/cgroup.subtree_control"), "+memory +pids +cpu");
}

}  // namespace
}  // namespace sallyport::workplace
