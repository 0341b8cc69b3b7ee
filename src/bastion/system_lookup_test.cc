#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "bastion/lookup.h"

namespace sallyport::bastion {
namespace {

namespace asio = boost::asio;

Addresses find(Lookup& lookup, std::string name) {
  asio::io_context io;
  auto finding = lookup.find(std::move(name));
  auto found = asio::co_spawn(io, std::move(finding), asio::use_future);
  io.run();
  return found.get();
}

// The name that the system is asked for.
std::string asked_for(SearchList search, const std::string& name) {
  std::promise<std::string> asked;
  SystemLookup lookup(search, [&](const std::string& text) -> Addresses {
    asked.set_value(text);
    return tl::unexpected(Refusal::kNoSuchName);
  });
  EXPECT_EQ(find(lookup, name).error(), Refusal::kNoSuchName);
  return asked.get_future().get();
}

TEST(SystemLookup, ASearchListAppliesWhereItMay) {
  EXPECT_EQ(asked_for(SearchList::kNever, "a.eks.sallyport.internal"), "a.eks.sallyport.internal.");
  EXPECT_EQ(asked_for(SearchList::kNever, "a.eks.sallyport.internal."), "a.eks.sallyport.internal.");
  EXPECT_EQ(asked_for(SearchList::kAsConfigured, "api"), "api");
}

TEST(SystemLookup, GivesWhatTheSystemFinds) {
  const std::vector<base::IpAddress> both{*base::IpAddress::parse("192.0.2.1"), *base::IpAddress::parse("2001:db8::1")};
  SystemLookup lookup(SearchList::kNever, [&](const std::string&) -> Addresses { return both; });
  EXPECT_EQ(find(lookup, "a"), both);
}

TEST(SystemLookup, AsksTheRealOne) {
  SystemLookup lookup(SearchList::kAsConfigured);
  const Addresses found = find(lookup, "127.0.0.1");  // needs no file and no server
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, std::vector{*base::IpAddress::parse("127.0.0.1")});
}

}  // namespace
}  // namespace sallyport::bastion
