#include "api/workplace/host_lookup.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <utility>

namespace sallyport::api::workplace {
namespace {

using namespace std::chrono_literals;

const std::vector<base::IpAddress> kFound{*base::IpAddress::parse("192.0.2.1")};

// Answers once it is let.
struct Resolver {
  std::promise<void> let;
  std::shared_future<void> may = let.get_future().share();
  std::atomic<int> asked = 0;
};

HostLookup lookup_of(const std::shared_ptr<Resolver>& resolver) {
  return HostLookup("host", [resolver](const std::string&) -> HostLookup::Found {
    ++resolver->asked;
    resolver->may.wait();
    return kFound;
  });
}

TEST(HostLookup, NobodyWaitsLongerThanTheyLikeAndOneQuestionIsUnderWay) {
  const auto resolver = std::make_shared<Resolver>();
  HostLookup lookup = lookup_of(resolver);
  EXPECT_EQ(lookup.find(1ms).error(), "no answer in time");
  EXPECT_EQ(lookup.find(1ms).error(), "no answer in time");
  EXPECT_LE(resolver->asked, 1);
  EXPECT_TRUE(lookup.last().empty());
  resolver->let.set_value();
  EXPECT_EQ(lookup.find(1min), kFound);
  EXPECT_EQ(lookup.last(), kFound);
}

TEST(HostLookup, MayGoBeforeTheAnswer) {
  const auto resolver = std::make_shared<Resolver>();
  EXPECT_FALSE(lookup_of(resolver).find(1ms));
  resolver->let.set_value();
}

TEST(HostLookup, KeepsWhatWasFoundThoughALaterAnswerHasNone) {
  HostLookup lookup("host", [first = true](const std::string&) mutable -> HostLookup::Found {
    if (!std::exchange(first, false)) return tl::unexpected(std::string("unknown"));
    return kFound;
  });
  EXPECT_TRUE(lookup.find(1min));
  EXPECT_EQ(lookup.find(1min).error(), "unknown");
  EXPECT_EQ(lookup.last(), kFound);
}

TEST(HostLookup, AsksTheSystem) {
  HostLookup loopback("127.0.0.1");  // needs no file and no server
  const auto found = loopback.find(1min);
  ASSERT_TRUE(found) << found.error();
  EXPECT_EQ(*found, std::vector{*base::IpAddress::parse("127.0.0.1")});
}

}  // namespace
}  // namespace sallyport::api::workplace
