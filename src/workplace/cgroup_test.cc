#include "workplace/cgroup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace sallyport::workplace {
namespace {

using testing::HasSubstr;

// Plain files where a machine has a cgroup: what is written where can be seen, not what the kernel makes of it.
class TestFolder {
 public:
  TestFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sallyport-cgroup-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::string path(const std::string& name) const { return name.empty() ? root_ : root_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name)) << text;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(path(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::string root_;
};

TEST(Cgroups, ThePathIsOfTheUnifiedHierarchyAlone) {
  EXPECT_EQ(unified_path("0::/system.slice/w.service\n"), "/system.slice/w.service");
  EXPECT_EQ(unified_path("0::/"), "/");
  EXPECT_FALSE(unified_path("4:memory:/x\n1:name=systemd:/x\n0::/x\n"));
  EXPECT_FALSE(unified_path("4:cpu,cpuacct:/x\n3:pids:/x\n0::/x\n"));
  EXPECT_FALSE(unified_path(""));
}

TEST(Cgroups, WithoutTheControllersThereIsNone) {
  const TestFolder folder;
  folder.write("self", "0::/w.service\n");
  folder.write("w.service/cgroup.controllers", "cpu memory\n");
  const auto taken = Cgroups::take(folder.path("self"), folder.path(""));
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("no pids controller"));
}

TEST(Cgroups, TakesItsOwnAndHandsTheControllersOn) {
  const TestFolder folder;
  folder.write("self", "0::/w.service\n");
  folder.write("w.service/cgroup.controllers", "cpuset cpu memory pids\n");
  folder.write("w.service/cgroup.subtree_control", "");
  folder.write("w.service/host/cgroup.procs", "");
  const auto taken = Cgroups::take(folder.path("self"), folder.path(""));
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(folder.read("w.service/host/cgroup.procs"), "0");
  EXPECT_EQ(folder.read("w.service/cgroup.subtree_control"), "+memory +pids +cpu");
}

}  // namespace
}  // namespace sallyport::workplace
