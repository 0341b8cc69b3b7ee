#include "app/handover_host.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <mutex>

#include "app/successor.h"
#include "base/limits.h"
#include "base/test_folder.h"

namespace sallyport::app::handover {
namespace {

base::Descriptor file_with(const std::string& path) {
  return base::Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

// Which file a descriptor is of, whatever its number.
ino_t inode(const base::Descriptor& file) {
  struct stat about {};
  return ::fstat(file.get(), &about) == 0 ? about.st_ino : 0;
}

// A host whose server only remembers what was done to it.
class HostTest : public testing::Test {
 protected:
  HostTest() : path_(folder_.write("file", "x")), socket_(folder_.write("other", "y") + ".sock") {}

  void open() {
    auto opened = Host::open(socket_, {.offer =
                                           [this] {
                                             did("offer");
                                             base::NamedDescriptors offered;
                                             for (int i = 0; i < offered_; ++i)
                                               offered.add("file " + std::to_string(i), file_with(path_));
                                             return offered;
                                           },
                                       .yield = [this] { did("yield"); },
                                       .take_back =
                                           [this] {
                                             did("take back");
                                             restored_.set_value();
                                             return base::Status();
                                           },
                                       .release =
                                           [this] {
                                             did("release");
                                             std::vector<gateway::Stranger> strangers;
                                             strangers.push_back({.socket = file_with(path_),
                                                                  .listener = "gateway public 192.0.2.1:443",
                                                                  .source = {base::IpAddress::v4(7), 9},
                                                                  .proxy_header_due = true,
                                                                  .received = {1, 2, 3}});
                                             return strangers;
                                           },
                                       .handed_over = [this](pid_t) { did("handed over"); }});
    ASSERT_TRUE(opened) << opened.error().message;
    host_ = *std::move(opened);
  }
  void did(const std::string& what) {
    const std::lock_guard lock(mutex_);
    done_.push_back(what);
  }
  std::vector<std::string> done() {
    const std::lock_guard lock(mutex_);
    return done_;
  }

  base::TestFolder folder_;
  const std::string path_;
  const std::string socket_;
  int offered_ = 3;
  std::promise<void> restored_;
  std::mutex mutex_;
  std::vector<std::string> done_;
  std::unique_ptr<Host> host_;
};

TEST_F(HostTest, WhereNobodyServesThereIsNothingToTakeOver) {
  const auto asked = Successor::ask(socket_);
  ASSERT_TRUE(asked) << asked.error().message;
  EXPECT_FALSE(*asked);
}

TEST_F(HostTest, HandsOverInOrder) {
  open();
  auto asked = Successor::ask(socket_);
  ASSERT_TRUE(asked && *asked);
  Successor& successor = **asked;
  ASSERT_TRUE(successor.wait_for_the_store());
  EXPECT_EQ(done(), (std::vector<std::string>{"offer", "yield"}));
  const auto strangers = successor.serve();
  EXPECT_EQ(done(), (std::vector<std::string>{"offer", "yield", "release", "handed over"}));
  const ino_t file = inode(file_with(path_));
  EXPECT_EQ(inode(successor.handed().take("file 1")), file);
  ASSERT_EQ(strangers.size(), 1U);
  EXPECT_EQ(inode(strangers[0].socket), file);
  EXPECT_EQ(strangers[0].listener, "gateway public 192.0.2.1:443");
  EXPECT_EQ(strangers[0].source, (base::SocketAddress{base::IpAddress::v4(7), 9}));
  EXPECT_TRUE(strangers[0].proxy_header_due);
  EXPECT_EQ(strangers[0].received, (std::vector<std::uint8_t>{1, 2, 3}));
  EXPECT_FALSE(*Successor::ask(socket_)) << "one that drains is nobody's predecessor";
}

TEST_F(HostTest, AnyNumberOfDescriptorsArrivesUnderItsNames) {
  offered_ = 555;
  open();
  auto asked = Successor::ask(socket_);
  ASSERT_TRUE(asked && *asked);
  EXPECT_EQ((*asked)->handed().entries().size(), 555U);
  EXPECT_TRUE((*asked)->handed().take("file 554").valid());
  ASSERT_TRUE((*asked)->wait_for_the_store());
  (*asked)->serve();
}

TEST_F(HostTest, ASecondServerAtTheSamePathIsRefused) {
  open();
  const auto second = Host::open(socket_, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, base::ErrorKind::kInUse);
}

TEST_F(HostTest, WhoeverSpeaksOutOfTurnIsRefusedAndChangesNothing) {
  open();
  auto channel = Channel::connect(socket_);
  ASSERT_TRUE(channel && *channel);
  ASSERT_TRUE((*channel)->send(Serving{}));
  const auto refused = (*channel)->expect<Offered>(base::limits::kHandoverAnswerTime);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kInvalidRequest);
  EXPECT_TRUE(done().empty());
}

TEST_F(HostTest, ASuccessorThatDiesWithTheStoreGivesEverythingBack) {
  int begin[2];
  ASSERT_EQ(::pipe(begin), 0);
  // Before the host's thread exists: the child may allocate.
  const pid_t child = ::fork();
  if (child == 0) {
    char go = 0;
    if (::read(begin[0], &go, 1) != 1) ::_exit(1);
    const auto asked = Successor::ask(socket_);
    ::_exit(asked && *asked && (*asked)->wait_for_the_store() ? 0 : 2);
  }
  open();
  ASSERT_EQ(::write(begin[1], "x", 1), 1);
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  restored_.get_future().wait();
  EXPECT_EQ(done(), (std::vector<std::string>{"offer", "yield", "take back"}));
  ::close(begin[0]);
  ::close(begin[1]);

  auto next = Successor::ask(socket_);
  ASSERT_TRUE(next && *next);
  ASSERT_TRUE((*next)->wait_for_the_store());
  EXPECT_EQ((*next)->serve().size(), 1U);
}

TEST_F(HostTest, TheSocketIsForThisUserAlone) {
  open();
  struct stat about {};
  ASSERT_EQ(::stat(socket_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  host_.reset();
  EXPECT_NE(::stat(socket_.c_str(), &about), 0);
}

}  // namespace
}  // namespace sallyport::app::handover
