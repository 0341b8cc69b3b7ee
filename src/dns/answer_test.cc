#include "dns/answer.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "dns/test_world.h"

namespace sallyport::dns {
namespace {

using test::cluster;
using test::kHost;
using wire::DnsRcode;
using wire::DnsType;
using Texts = std::vector<std::string>;

constexpr bool kForwards = true;

// What the view of `vpc` (nothing: the public one) says under `snapshot`.
std::variant<wire::DnsResponse, Forward> ask(const model::Snapshot& snapshot, const std::optional<model::VpcId>& vpc,
                                             const wire::DnsQuery& query, bool forwards = false) {
  const Zone zone = make_zone(snapshot.zone, snapshot.revision).value();
  const View view{
      vpc ? policy::Vantage::in_vpc(*vpc) : policy::Vantage::at_public(), forwards, {test::ip("127.0.0.1")}};
  return answer(snapshot, zone, view, query);
}

wire::DnsResponse told(const model::Snapshot& snapshot, const std::optional<model::VpcId>& vpc,
                       const wire::DnsQuery& query) {
  return std::get<wire::DnsResponse>(ask(snapshot, vpc, query));
}

Texts addresses_of(const wire::DnsResponse& response) {
  Texts texts;
  for (const auto& record : response.answers) {
    if (const auto* address = std::get_if<base::IpAddress>(&record.data)) texts.push_back(address->to_string());
  }
  return texts;
}

bool has_soa(const wire::DnsResponse& response) {
  return response.authorities.size() == 1 && std::holds_alternative<wire::DnsSoa>(response.authorities[0].data);
}

const Texts kPublicA = {std::string(test::kPublic4)};
const Texts kPrivateA = {std::string(test::kPrivate4)};

struct Row {
  const char* what;
  bool public_access;
  bool private_access;
  bool legacy;
  bool fit;                         // the home VPC's DNS
  std::optional<model::VpcId> vpc;  // nothing: public view
  DnsRcode rcode;
  Texts a;
};

TEST(Answer, EveryRowOfTheAccessTable) {
  const std::optional<model::VpcId> outside;
  const std::vector<Row> rows = {
      {"public only, public view", true, false, false, true, outside, DnsRcode::kNoError, kPublicA},
      {"public only, home", true, false, false, true, test::kHome, DnsRcode::kNoError, kPublicA},
      {"both, public view", true, true, false, true, outside, DnsRcode::kNoError, kPublicA},
      {"both, home", true, true, false, true, test::kHome, DnsRcode::kNoError, kPrivateA},
      {"both, home unfit", true, true, false, false, test::kHome, DnsRcode::kNoError, kPublicA},
      {"both, other VPC", true, true, false, true, test::kOther, DnsRcode::kNoError, kPublicA},
      {"private only, public view", false, true, false, true, outside, DnsRcode::kNoError, kPrivateA},
      {"private only, home", false, true, false, true, test::kHome, DnsRcode::kNoError, kPrivateA},
      {"private only, home unfit", false, true, false, false, test::kHome, DnsRcode::kNoError, kPrivateA},
      {"legacy, public view", false, true, true, true, outside, DnsRcode::kNxDomain, {}},
      {"legacy, home", false, true, true, true, test::kHome, DnsRcode::kNoError, kPrivateA},
      {"legacy, home unfit", false, true, true, false, test::kHome, DnsRcode::kNxDomain, {}},
      {"legacy, other VPC", false, true, true, true, test::kOther, DnsRcode::kNxDomain, {}},
  };
  for (const Row& row : rows) {
    model::Cluster only = cluster(row.public_access, row.private_access);
    only.public_resolves_private = !row.legacy;
    model::Snapshot snapshot = test::world(std::move(only));
    model::Vpc home = test::vpc(test::kHome, "127.1.0.0/16");
    home.enable_dns_hostnames = row.fit;
    test::put(snapshot, home);

    const auto response = told(snapshot, row.vpc, test::query_for(kHost));
    EXPECT_EQ(response.rcode, row.rcode) << row.what;
    EXPECT_EQ(addresses_of(response), row.a) << row.what;
    EXPECT_TRUE(response.authoritative) << row.what;
    EXPECT_FALSE(response.recursion_available) << row.what;
    EXPECT_EQ(has_soa(response), row.a.empty()) << row.what;
    for (const auto& record : response.answers)
      EXPECT_EQ(record.ttl, 60U) << row.what;
  }
}

TEST(Answer, AddressesByFamilyAndNoDataForTheRest) {
  const auto both = test::world(cluster(true, true));
  EXPECT_EQ(addresses_of(told(both, {}, test::query_for(kHost, DnsType::kAaaa))), Texts{std::string(test::kPublic6)});

  for (const auto type : {DnsType::kAaaa, DnsType::kSoa, DnsType::kNs, DnsType{16}, DnsType{65}}) {
    const auto response = told(both, test::kHome, test::query_for(kHost, type));
    EXPECT_EQ(response.rcode, DnsRcode::kNoError);
    EXPECT_TRUE(response.answers.empty());
    ASSERT_TRUE(has_soa(response));
    EXPECT_EQ(response.authorities[0].ttl, kNegativeTtl);
    EXPECT_EQ(std::get<wire::DnsSoa>(response.authorities[0].data).minimum, kNegativeTtl);
  }
}

TEST(Answer, NamesThatAreNotThere) {
  const auto snapshot = test::world(cluster(true, false));
  for (const std::string& name : {std::string("FFFF.gr1.us-east-1.eks.sallyport.internal"),
                                  "deeper." + std::string(kHost), std::string("no\\.dots.eks.sallyport.internal")}) {
    const auto response = told(snapshot, {}, test::query_for(name));
    EXPECT_EQ(response.rcode, DnsRcode::kNxDomain) << name;
    EXPECT_TRUE(has_soa(response)) << name;
    EXPECT_TRUE(response.authoritative) << name;
  }
  const auto between = told(snapshot, {}, test::query_for("gr1.us-east-1.eks.sallyport.internal"));
  EXPECT_EQ(between.rcode, DnsRcode::kNoError);
  EXPECT_TRUE(has_soa(between));
}

TEST(Answer, ApexHasSoaAndNsAndTheServerAnAddress) {
  const auto snapshot = test::world(cluster(true, false));
  const auto soa = told(snapshot, {}, test::query_for("EKS.sallyport.internal", DnsType::kSoa));
  ASSERT_EQ(soa.answers.size(), 1U);
  EXPECT_EQ(std::get<wire::DnsSoa>(soa.answers[0].data).serial, 7U);
  EXPECT_TRUE(soa.authorities.empty());
  const auto ns = told(snapshot, {}, test::query_for("eks.sallyport.internal", DnsType::kNs));
  ASSERT_EQ(ns.answers.size(), 1U);
  const auto& server = std::get<wire::DnsNs>(ns.answers[0].data).server;
  EXPECT_EQ(addresses_of(told(snapshot, {}, test::query_for(server.to_text()))), Texts{"127.0.0.1"});
  EXPECT_EQ(told(snapshot, {}, test::query_for(server.to_text(), DnsType::kAaaa)).rcode, DnsRcode::kNoError);
}

TEST(Answer, AnyIsMinimal) {
  const auto snapshot = test::world(cluster(true, false));
  const auto response = told(snapshot, {}, test::query_for(kHost, DnsType::kAny));
  ASSERT_EQ(response.answers.size(), 1U);
  EXPECT_EQ(std::get<wire::DnsHinfo>(response.answers[0].data).cpu, "RFC8482");
  EXPECT_EQ(told(snapshot, {}, test::query_for("x.eks.sallyport.internal", DnsType::kAny)).rcode, DnsRcode::kNxDomain);
}

TEST(Answer, Refusals) {
  const auto snapshot = test::world(cluster(true, true));
  wire::DnsQuery chaos = test::query_for("version.bind", DnsType{16});
  chaos.question.klass = wire::DnsClass{3};
  wire::DnsQuery any_class = test::query_for(kHost);
  any_class.question.klass = wire::DnsClass{255};
  for (const auto& query :
       {chaos, any_class, test::query_for(kHost, DnsType::kAxfr), test::query_for("example.com", DnsType::kIxfr)}) {
    const auto outcome = ask(snapshot, test::kHome, query, kForwards);
    ASSERT_TRUE(std::holds_alternative<wire::DnsResponse>(outcome));
    EXPECT_EQ(std::get<wire::DnsResponse>(outcome).rcode, DnsRcode::kRefused);
    EXPECT_FALSE(std::get<wire::DnsResponse>(outcome).authoritative);
  }
}

TEST(Answer, OtherNamesAreForwardedOnlyWhereTheViewForwards) {
  const auto snapshot = test::world(cluster(true, true));
  for (const char* name : {"example.com", "sallyport.internal", "xeks.sallyport.internal", "."}) {
    EXPECT_TRUE(std::holds_alternative<Forward>(ask(snapshot, test::kHome, test::query_for(name), kForwards))) << name;
    EXPECT_EQ(told(snapshot, test::kHome, test::query_for(name)).rcode, DnsRcode::kRefused) << name;
    EXPECT_EQ(told(snapshot, {}, test::query_for(name)).rcode, DnsRcode::kRefused) << name;
  }
  const auto ours = ask(snapshot, test::kHome, test::query_for(kHost), kForwards);
  EXPECT_TRUE(std::get<wire::DnsResponse>(ours).recursion_available);
}

TEST(Answer, AVpcWithoutDnsSupportRefusesEverything) {
  auto snapshot = test::world(cluster(true, true));
  model::Vpc home = test::vpc(test::kHome, "127.1.0.0/16");
  home.enable_dns_support = false;
  test::put(snapshot, home);
  for (const std::string& name :
       {std::string(kHost), std::string("example.com"), std::string("ns.eks.sallyport.internal")}) {
    const auto outcome = ask(snapshot, test::kHome, test::query_for(name), kForwards);
    ASSERT_TRUE(std::holds_alternative<wire::DnsResponse>(outcome)) << name;
    EXPECT_EQ(std::get<wire::DnsResponse>(outcome).rcode, DnsRcode::kRefused) << name;
  }
}

TEST(Zone, RefusesWhatIsNoDomainName) {
  for (const std::string& zone : {std::string(), std::string("a..b"), std::string(64, 'x')}) {
    const auto made = make_zone(zone, model::Revision(1));
    ASSERT_FALSE(made) << zone;
    EXPECT_EQ(made.error().field, "zone");
  }
}

}  // namespace
}  // namespace sallyport::dns
