#include "api/errors.h"

#include <gtest/gtest.h>

#include <map>

#include <boost/json.hpp>

namespace sallyport::api {
namespace {

TEST(Errors, RestJsonCarriesTypeAndMembers) {
  const HttpResponse response = rest_json_error(404, "ResourceNotFoundException", "No \"x\"\n", {{"clusterName", "x"}});
  EXPECT_EQ(response.status, 404);
  const std::map<std::string, std::string> headers(response.headers.begin(), response.headers.end());
  EXPECT_EQ(headers.at("x-amzn-ErrorType"), "ResourceNotFoundException");
  EXPECT_EQ(headers.at("Content-Type"), "application/json");
  const auto body = boost::json::parse(response.body);
  EXPECT_EQ(body.at("message").as_string(), "No \"x\"\n");
  EXPECT_EQ(body.at("clusterName").as_string(), "x");
}

TEST(Errors, QueryAndEc2EnvelopesDiffer) {
  EXPECT_EQ(query_error(403, "AccessDenied", "a<b", "id-1").body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ErrorResponse><Error><Type>Sender</Type>"
            "<Code>AccessDenied</Code><Message>a&lt;b</Message></Error><RequestId>id-1</RequestId></ErrorResponse>");
  EXPECT_EQ(ec2_error(401, "AuthFailure", "a&b", "id-2").body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>AuthFailure</Code>"
            "<Message>a&amp;b</Message></Error></Errors><RequestID>id-2</RequestID></Response>");
  EXPECT_NE(query_error(500, "InternalFailure", "", "").body.find("<Type>Receiver</Type>"), std::string::npos);
}

TEST(Errors, WhatXmlCannotCarryIsReplaced) {
  const std::string replaced = "\xef\xbf\xbd";
  EXPECT_EQ(escape_xml("<a b=\"c\" d='e'>&"), "&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;");
  EXPECT_EQ(escape_xml("\x01\t\n"), replaced + "\t\n");
  EXPECT_EQ(escape_xml("gr\xc3\xbc\xc3\x9f \xe9\x9b\x86 \xf0\x9f\x8c\x8d"),
            "gr\xc3\xbc\xc3\x9f \xe9\x9b\x86 \xf0\x9f\x8c\x8d");
  for (const char* bad : {"\xff", "\xc3", "\xc0", "\x80"})
    EXPECT_EQ(escape_xml(bad), replaced);
  EXPECT_EQ(escape_xml("\xed\xa0\x80"), replaced + replaced + replaced) << "a surrogate";
  EXPECT_EQ(escape_xml("\xe0\x80\x80"), replaced + replaced + replaced) << "an overlong form";
}

TEST(Errors, BytesThatAreNotUtf8NeverReachJson) {
  const auto body = boost::json::parse(rest_json_error(400, "X", "bad \xff name").body);
  EXPECT_EQ(body.at("message").as_string(), "bad \xef\xbf\xbd name");
}

}  // namespace
}  // namespace sallyport::api
