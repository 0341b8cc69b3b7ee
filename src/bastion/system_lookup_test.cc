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

// `io` stands before the lookup that it runs: a thread of that may hold what is bound to it a moment longer.
Addresses find(asio::io_context& io, Lookup& lookup, std::string name) {
  auto finding = lookup.find(std::move(name));
  auto found = asio::co_spawn(io, std::move(finding), asio::use_future);
  io.run();
  return found.get();
}

// The name that the system is asked for.
std::string asked_for(SearchList search, const std::string& name) {
  std::promise<std::string> asked;
  asio::io_context io;
  SystemLookup lookup(search, [&](const std::string& text) -> Addresses {
    asked.set_value(text);
    return tl::unexpected(Refusal::kNoSuchName);
  });
  EXPECT_EQ(find(io, lookup, name).error(), Refusal::kNoSuchName);
  return asked.get_future().get();
}

TEST(SystemLookup, ASearchListAppliesWhereItMay) {
  EXPECT_EQ(asked_for(SearchList::kNever, "a.eks.sallyport.internal"), "a.eks.sallyport.internal.");
  EXPECT_EQ(asked_for(SearchList::kNever, "a.eks.sallyport.internal."), "a.eks.sallyport.internal.");
  EXPECT_EQ(asked_for(SearchList::kAsConfigured, "api"), "api");
}

TEST(SystemLookup, GivesWhatTheSystemFinds) {
  const std::vector<base::IpAddress> both{*base::IpAddress::parse("192.0.2.1"), *base::IpAddress::parse("2001:db8::1")};
  asio::io_context io;
  SystemLookup lookup(SearchList::kNever, [&](const std::string&) -> Addresses { return both; });
  EXPECT_EQ(find(io, lookup, "a"), both);
}

TEST(SystemLookup, AsksTheRealOne) {
  asio::io_context io;
  SystemLookup lookup(SearchList::kAsConfigured);
  const Addresses found = find(io, lookup, "127.0.0.1");  // needs no file and no server
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, std::vector{*base::IpAddress::parse("127.0.0.1")});
}

}  // namespace
}  // namespace sallyport::bastion
