#include "bastion/target.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/bytes.h"

namespace sallyport::bastion {
namespace {

const Realm kRealm{"us-east-1", "sallyport.internal", 443};
const std::string kId = "0123456789ABCDEF0123456789abcdef";
const std::string kTail = ".us-east-1.eks.sallyport.internal";

Refusal refusal_of(std::string_view host, std::uint16_t port = 443) {
  const auto name = authorise(host, port, kRealm);
  return name ? Refusal::kGone : name.error();
}

TEST(Target, EndpointsOfEveryGroupInAnyCase) {
  for (const char* group : {".gr1", ".sk1", ".yl4"}) {
    const std::string host = kId + group + kTail;
    EXPECT_EQ(authorise(host, 443, kRealm), base::ascii_lower(host));
    EXPECT_EQ(authorise(base::ascii_upper(host), 443, kRealm), base::ascii_lower(host));
  }
}

TEST(Target, OtherPorts) {
  EXPECT_EQ(refusal_of(kId + ".gr1" + kTail, 22), Refusal::kWrongPort);
  EXPECT_EQ(refusal_of(kId + ".gr1" + kTail, 0), Refusal::kWrongPort);
}

TEST(Target, OtherNames) {
  for (const std::string& host :
       {std::string(), std::string("."), std::string("example.com"), std::string("localhost"),
        std::string("sallyport.internal"), kId + ".gr2" + kTail, kId.substr(1) + ".gr1" + kTail,
        "0" + kId + ".gr1" + kTail, "g" + kId.substr(1) + ".gr1" + kTail, kId + ".gr1" + kTail + ".",
        kId + ".gr1" + kTail + ".example.com", "a." + kId + ".gr1" + kTail,
        kId + ".gr1.us-east-2.eks.sallyport.internal", kId + ".gr1.us-east-1.eks.example.com",
        kId + ".gr1.us-east-1.eks", kId + ".gr1" + kTail + std::string(1, '\0'), kId + ".gr1" + kTail + "\n",
        kId + ".gr1" + kTail + "%00"}) {
    EXPECT_EQ(refusal_of(host), Refusal::kNotAnEndpoint) << host;
  }
}

TEST(Target, AddressesInEveryForm) {
  for (const char* host : {"10.0.0.1", "127.0.0.1", "::1", "::ffff:10.0.0.1", "2001:db8::1", "127.1", "2130706433",
                           "0x7f000001", "0177.0.0.1", "fe80::1%eth0"}) {
    EXPECT_EQ(refusal_of(host), Refusal::kIpLiteral) << host;
  }
}

TEST(Target, AddressesThatNoEndpointHas) {
  for (const char* never : {"0.0.0.0", "0.0.0.1", "169.254.169.254", "169.254.0.1", "224.0.0.1", "239.255.255.255",
                            "255.255.255.255", "::", "ff02::1", "fe80::1", "febf::1", "::ffff:169.254.169.254"}) {
    EXPECT_FALSE(may_be_endpoint(*base::IpAddress::parse(never))) << never;
  }
  for (const char* may : {"10.0.1.20", "100.64.0.1", "127.0.0.1", "169.253.255.255", "169.255.0.1", "203.0.113.1",
                          "223.255.255.255", "::1", "2001:db8::1", "fd00::1", "fe7f::1", "fec0::1"}) {
    EXPECT_TRUE(may_be_endpoint(*base::IpAddress::parse(may))) << may;
  }
}

RC_GTEST_PROP(Target, NothingElsePasses, (const std::string& host, std::uint16_t port)) {
  RC_ASSERT(!authorise(host, port, kRealm));
}

}  // namespace
}  // namespace sallyport::bastion
