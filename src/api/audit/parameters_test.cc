#include "api/audit/parameters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace sallyport::api::audit {
namespace {

HttpRequest rest(std::string method, std::string target, std::string body = {}) {
  return {
      .method = std::move(method), .target = std::move(target), .headers = {}, .body = std::move(body), .source = {}};
}

HttpRequest form(std::string body) {
  return {.method = "POST",
          .target = "/",
          .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
          .body = std::move(body),
          .source = {}};
}

struct Case {
  std::string service;
  HttpRequest request;
  std::string operation;
  std::string parameters;
};

TEST(AuditParameters, AreWhatTheServiceCallsThem) {
  const std::vector<Case> cases = {
      {"eks", rest("GET", "/clusters/a%2Db"), "DescribeCluster", R"({"name":"a-b"})"},
      {"eks", rest("GET", "/clusters/a/updates/u-1?nodegroupName=n&nodegroupName=m"), "DescribeUpdate",
       R"({"name":"a","updateId":"u-1","nodegroupName":["n","m"]})"},
      {"eks", rest("POST", "/clusters", R"({"name":"a","resourcesVpcConfig":{"subnetIds":["s-1"]}})"), "CreateCluster",
       R"({"name":"a","resourcesVpcConfig":{"subnetIds":["s-1"]}})"},
      {"eks", rest("DELETE", "/tags/arn%3Aaws%3Aeks?tagKeys=a"), "UntagResource",
       R"({"resourceArn":"arn:aws:eks","tagKeys":"a"})"},
      {"eks", rest("GET", "/clusters/a/access-entries/arn%3Ax"), "DescribeAccessEntry",
       R"({"clusterName":"a","principalArn":"arn:x"})"},
      {"eks", rest("GET", "/clusters"), "ListClusters", "null"},
      {"eks", rest("POST", "/clusters", "{not json"), "CreateCluster", "null"},
      {"eks", rest("GET", "/elsewhere"), "Unknown", "null"},
      {"route53", rest("GET", "/2013-04-01/hostedzone/Z1"), "GetHostedZone", R"({"id":"Z1"})"},
      {"iam", form("Action=CreateUser&Version=2010-05-08&UserName=ann&Tags.member.1.Key=k&Tags.member.1.Value=v"),
       "CreateUser", R"({"tags":[{"key":"k","value":"v"}],"userName":"ann"})"},
      {"ec2", form("Action=DescribeVpcs&Filter.2.Name=b&Filter.10.Name=c&Filter.1.Name=a&Filter.1.Value.1=x"),
       "DescribeVpcs", R"({"filter":[{"name":"a","value":["x"]},{"name":"b"},{"name":"c"}]})"},
      {"ec2", form("Action=RunInstances&A=1&A.1=2&A=3"), "RunInstances", R"({"a":{"":["1","3"],"1":"2"}})"},
      {"sts", rest("GET", "/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Signature=00&X-Amz-Date=x"),
       "GetCallerIdentity", "null"},
      {"ec2", form("Action=Bad%0AName"), "Unknown", "null"},
      {"ec2", form("Action=" + std::string(65, 'a')), "Unknown", "null"},
      {"ec2", form("Action=%zz"), "Unknown", "null"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(operation_named(one.service, one.request), one.operation);
    EXPECT_EQ(wire::to_text(parameters_of(one.service, one.request)), one.parameters) << one.operation;
  }
}

TEST(AuditParameters, NamesNestNoDeeperThanRecordsMay) {
  std::string name = "a";
  for (int i = 0; i < 1000; ++i)
    name += ".a";
  const std::string text = wire::to_text(parameters_of("ec2", form("Action=X&" + name + "=1")));
  EXPECT_EQ(std::ranges::count(text, '{'), 8);
}

TEST(AuditParameters, TellTheServiceOfARequestThatNamesNone) {
  EXPECT_EQ(service_spoken(rest("GET", "/clusters")), "eks");
  EXPECT_EQ(service_spoken(rest("GET", "/2013-04-01/hostedzone")), "route53");
  EXPECT_EQ(service_spoken(form("Action=ListUsers&Version=2010-05-08")), "iam");
  EXPECT_EQ(service_spoken(form("Action=DescribeVpcs&Version=2016-11-15")), "ec2");
  EXPECT_EQ(service_spoken(form("Action=GetCallerIdentity&Version=2011-06-15")), "sts");
  EXPECT_EQ(service_spoken(rest("GET", "/wp-login.php")), "");
}

}  // namespace
}  // namespace sallyport::api::audit
