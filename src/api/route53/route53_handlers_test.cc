#include "api/route53/route53_handlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/route53/routes.h"

namespace sallyport::api::route53 {
namespace {

using testing::HasSubstr;

constexpr const char* kNamespace = R"(xmlns="https://route53.amazonaws.com/doc/2013-04-01/">)";

Outcome ask(const std::string& target, const std::string& method = "GET") {
  HttpRequest request;
  request.method = method;
  request.target = target;
  return Route53Handlers().handle({request, {}, "id-1"});
}

void expect_refused(const std::string& target, int status, const std::string& code, const std::string& method = "GET") {
  const Outcome outcome = ask(target, method);
  EXPECT_EQ(outcome.response.status, status) << target;
  EXPECT_THAT(outcome.response.body, HasSubstr(std::string("<ErrorResponse ") + kNamespace +
                                               "<Error><Type>Sender</Type><Code>" + code + "</Code>"))
      << target;
  EXPECT_THAT(outcome.response.body, HasSubstr("<RequestId>id-1</RequestId></ErrorResponse>"));
}

TEST(Route53, ListsAreValidAndEmpty) {
  const Outcome all = ask("/2013-04-01/hostedzone");
  EXPECT_EQ(all.operation, "ListHostedZones");
  EXPECT_EQ(all.response.status, 200);
  EXPECT_EQ(all.response.body, std::string("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListHostedZonesResponse ") +
                                   kNamespace +
                                   "<HostedZones/><IsTruncated>false</IsTruncated><MaxItems>100</MaxItems>"
                                   "</ListHostedZonesResponse>");
  EXPECT_THAT(ask("/2013-04-01/hostedzone?maxitems=7&marker=Z%3C1&hostedzonetype=PrivateHostedZone").response.body,
              HasSubstr("<HostedZones/><Marker>Z&lt;1</Marker><IsTruncated>false</IsTruncated><MaxItems>7</MaxItems>"));
  EXPECT_THAT(ask("/2013-04-01/hostedzone?maxitems=101").response.body, HasSubstr("<MaxItems>100</MaxItems>"));

  const Outcome by_name = ask("/2013-04-01/hostedzonesbyname?dnsname=a.example&hostedzoneid=Z1");
  EXPECT_EQ(by_name.operation, "ListHostedZonesByName");
  EXPECT_THAT(by_name.response.body, HasSubstr("<HostedZones/><DNSName>a.example</DNSName><HostedZoneId>Z1"));

  const Outcome by_vpc = ask("/2013-04-01/hostedzonesbyvpc?vpcid=vpc-1&vpcregion=us-east-1");
  EXPECT_EQ(by_vpc.operation, "ListHostedZonesByVPC");
  EXPECT_THAT(by_vpc.response.body, HasSubstr("<HostedZoneSummaries/><MaxItems>100</MaxItems>"));

  const Outcome count = ask("/2013-04-01/hostedzonecount");
  EXPECT_EQ(count.operation, "GetHostedZoneCount");
  EXPECT_THAT(count.response.body, HasSubstr("<HostedZoneCount>0</HostedZoneCount>"));
}

TEST(Route53, NoIdExists) {
  expect_refused("/2013-04-01/hostedzone/Z1", 404, "NoSuchHostedZone");
  expect_refused("/2013-04-01/hostedzone/Z1/rrset", 404, "NoSuchHostedZone");
  expect_refused("/2013-04-01/hostedzone/%2Fhostedzone%2FZ1/rrset?maxitems=x", 404, "NoSuchHostedZone");
  EXPECT_THAT(ask("/2013-04-01/hostedzone/Z1").response.body, HasSubstr("No hosted zone found with ID: Z1<"));
}

TEST(Route53, BadParametersAreNamed) {
  for (const char* items : {"0", "-1", "", "x", "1x", "99999999999999999999"}) {
    expect_refused(std::string("/2013-04-01/hostedzone?maxitems=") + items, 400, "InvalidInput");
  }
  expect_refused("/2013-04-01/hostedzone?hostedzonetype=Public", 400, "InvalidInput");
  expect_refused("/2013-04-01/hostedzone?delegationsetid=N1", 400, "NoSuchDelegationSet");
  expect_refused("/2013-04-01/hostedzone?marker=%zz", 400, "InvalidInput");
  expect_refused("/2013-04-01/hostedzonesbyvpc?vpcid=vpc-1", 400, "InvalidInput");
  EXPECT_THAT(ask("/2013-04-01/hostedzonesbyvpc?vpcid=vpc-1").response.body, HasSubstr("vpcregion must be given"));
}

TEST(Route53, WhatIsNotServedIsNamed) {
  expect_refused("/2013-04-01/hostedzone", 400, "InvalidAction", "POST");
  EXPECT_THAT(ask("/2013-04-01/hostedzone", "POST").response.body, HasSubstr("does not serve CreateHostedZone of"));
  EXPECT_EQ(ask("/2013-04-01/hostedzone/Z1/rrset/", "POST").operation, "ChangeResourceRecordSets");
  for (const char* path : {"/", "/2013-04-01", "/2013-04-01/", "/2013-04-02/hostedzone", "/hostedzone"}) {
    expect_refused(path, 400, "InvalidAction");
    EXPECT_EQ(ask(path).operation, "unknown") << path;
  }
}

TEST(Route53, RoutesTellLabelsFromWords) {
  EXPECT_EQ(find_route("GET", "/2013-04-01/hostedzone/a%2Fb/rrset").labels, std::vector<std::string>{"a/b"});
  EXPECT_EQ(find_route("GET", "/2013-04-01/hostedzone/").operation, "ListHostedZones");
  EXPECT_EQ(find_route("GET", "/2013-04-01/hostedzone//rrset").operation, "");
}

}  // namespace
}  // namespace sallyport::api::route53
