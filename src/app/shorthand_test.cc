#include "app/shorthand.h"

#include <gtest/gtest.h>

#include <string>

#include <boost/json/serialize.hpp>

namespace sallyport::app {
namespace {

std::string read(std::string_view text) {
  const auto read = parse_vpc_config_option(text);
  return read ? boost::json::serialize(*read) : read.error().message;
}

TEST(Shorthand, ReadsWhatTheAwsCliReads) {
  EXPECT_EQ(read("endpointPublicAccess=false,endpointPrivateAccess=true"),
            R"({"endpointPublicAccess":false,"endpointPrivateAccess":true})");
  const std::string listed =
      R"({"endpointPublicAccess":true,"publicAccessCidrs":["192.0.2.0/24","2001:db8::/32"],"endpointPrivateAccess":true})";
  EXPECT_EQ(read("endpointPublicAccess=true,publicAccessCidrs=192.0.2.0/24,2001:db8::/32,endpointPrivateAccess=true"),
            listed);
  EXPECT_EQ(read("endpointPublicAccess=true,publicAccessCidrs=[192.0.2.0/24,2001:db8::/32],endpointPrivateAccess=true"),
            listed);
  EXPECT_EQ(
      read(R"(endpointPublicAccess=true,publicAccessCidrs="192.0.2.0/24","2001:db8::/32",endpointPrivateAccess=true)"),
      listed);
  EXPECT_EQ(read("publicAccessCidrs=192.0.2.0/24"), R"({"publicAccessCidrs":["192.0.2.0/24"]})");
  EXPECT_EQ(read("publicAccessCidrs=[]"), R"({"publicAccessCidrs":[]})");
  EXPECT_EQ(read(R"({"endpointPublicAccess": false})"), R"({"endpointPublicAccess":false})");
}

TEST(Shorthand, RefusesTheRestAndSaysHow) {
  for (const char* wrong : {"", "=", "endpointPublicAccess", "endpointPublicAccess=true,", "=true", "a,b=c",
                            "publicAccessCidrs=[192.0.2.0/24", "publicAccessCidrs=\"192.0.2.0/24", "{", "{}x",
                            "a=\"b\"c", "publicAccessCidrs=[a]b", "a=b,a=c"}) {
    EXPECT_NE(read(wrong).find("--resources-vpc-config"), std::string::npos) << wrong << ": " << read(wrong);
  }
}

}  // namespace
}  // namespace sallyport::app
