#include "wire/dns_name.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace sallyport::wire {
namespace {

using Bytes = std::vector<std::uint8_t>;

DnsName name_of(std::string_view text) { return DnsName::parse(text).value(); }

TEST(DnsName, ParsesPresentationForm) {
  EXPECT_EQ(name_of("a.bc").wire(), std::string("\1a\2bc\0", 6));
  EXPECT_EQ(name_of("a.bc."), name_of("a.bc"));
  EXPECT_TRUE(name_of(".").is_root());
  EXPECT_EQ(name_of("a\\.b\\032c").wire(), std::string("\5a.b c\0", 7));
}

TEST(DnsName, RefusesWhatIsNoName) {
  const std::string label63(63, 'a');
  EXPECT_TRUE(DnsName::parse(label63));
  const std::string longest = label63 + "." + label63 + "." + label63 + "." + std::string(61, 'b');
  EXPECT_EQ(name_of(longest).wire().size(), 255U);
  for (const std::string& text :
       {std::string(), std::string("a..b"), std::string(".a"), std::string(64, 'a'), longest + "b", std::string("a\\"),
        std::string("a\\25"), std::string("a\\256"), std::string("a\\2x0")}) {
    EXPECT_FALSE(DnsName::parse(text)) << text;
  }
}

TEST(DnsName, OddBytesPrintSoThatNoNameLooksLikeAnother) {
  const DnsName odd = name_of("x\\.eks").child("y").value();
  EXPECT_EQ(odd.to_text(), "y.x\\046eks");
  EXPECT_FALSE(odd.is_within(name_of("eks")));
  EXPECT_EQ(name_of("a\\000b").to_text(), "a\\000b");
}

TEST(DnsName, ComparesWithoutCaseAndByLabels) {
  EXPECT_TRUE(name_of("API.Eks.example").same_as(name_of("api.eks.EXAMPLE")));
  EXPECT_FALSE(name_of("API.eks") == name_of("api.eks"));
  EXPECT_TRUE(name_of("a.eks.example").is_within(name_of("EKS.example")));
  EXPECT_TRUE(name_of("eks.example").is_within(name_of("eks.example")));
  EXPECT_TRUE(name_of("eks.example").is_within(DnsName()));
  EXPECT_FALSE(name_of("beks.example").is_within(name_of("eks.example")));
  EXPECT_FALSE(name_of("example").is_within(name_of("eks.example")));
  // A label's length byte must not pass for the end of another label.
  EXPECT_FALSE(name_of("x\\003eks").is_within(name_of("eks")));
}

TEST(DnsName, ReadsCompressionBackwardsOnly) {
  Bytes message(12, 0);
  const Bytes tail = {3, 'e', 'k', 's', 0, 1, 'a', 0xc0, 12};
  message.insert(message.end(), tail.begin(), tail.end());
  std::size_t offset = 17;
  EXPECT_EQ(DnsName::read(message, offset)->to_text(), "a.eks");
  EXPECT_EQ(offset, message.size());

  for (const int target : {0, 11, 17, 19, 20, 255}) {
    message.back() = static_cast<std::uint8_t>(target);
    offset = 17;
    EXPECT_FALSE(DnsName::read(message, offset)) << target;
  }
}

RC_GTEST_PROP(DnsName, AnyBytesEitherReadOrDoNot, (const Bytes& message)) {
  std::size_t offset = 0;
  const auto name = DnsName::read(message, offset);
  if (!name) return;
  RC_ASSERT(offset <= message.size());
  RC_ASSERT(name->wire().size() <= 255U);
  RC_ASSERT(DnsName::parse(name->to_text()) == name);
}

RC_GTEST_PROP(DnsName, TextRoundTripsWhateverTheBytes, ()) {
  const auto labels = *rc::gen::resize(
      6, rc::gen::container<std::vector<std::string>>(rc::gen::nonEmpty(rc::gen::string<std::string>())));
  DnsName name;
  for (const auto& label : labels)
    name = name.child(label).value_or(name);
  RC_ASSERT(DnsName::parse(name.to_text()) == name);
}

}  // namespace
}  // namespace sallyport::wire
