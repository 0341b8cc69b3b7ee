#include "api/ec2/ec2_handlers.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "control/test_world.h"

namespace sallyport::api::ec2 {
namespace {

class StillClock final : public base::Clock {
 public:
  base::Time now() const override { return time; }
  base::Time time{std::chrono::seconds(1'764'000'000)};
};

// Requests to the handlers over a control plane with a store of its own.
class Handlers : public testing::Test {
 protected:
  HttpResponse call(const std::string& operation, const std::string& parameters) {
    HttpRequest request;
    request.method = "POST";
    request.target = "/";
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    request.body = "Version=2016-11-15&Action=" + operation + "&" + parameters;
    request.source = *base::IpAddress::parse("127.0.0.9");
    return handlers_.handle({request, {.arn = control::test::caller().principal, .user_id = {}, .account = {}}, "id"})
        .response;
  }
  // The text of an element of an answer.
  static std::string text(const HttpResponse& response, const std::string& name) {
    const std::size_t at = response.body.find("<" + name + ">");
    if (at == std::string::npos) return "";
    const std::size_t start = at + name.size() + 2;
    return response.body.substr(start, response.body.find("</" + name + ">") - start);
  }

  control::test::World world_;
  control::ControlPlane& control_ = world_.start();
  StillClock clock_;
  base::SystemEntropy entropy_;
  Ec2Handlers handlers_{control_, clock_, entropy_, model::AccountId("000000000000"), "token key", {}};
};

TEST_F(Handlers, ADeletedVpnConnectionIsDescribedAsDeletedForAnHour) {
  const std::string customer =
      text(call("CreateCustomerGateway", "Type=ipsec.1&IpAddress=203.0.113.1"), "customerGatewayId");
  const std::string end = text(call("CreateVpnGateway", "Type=ipsec.1"), "vpnGatewayId");
  const std::string id =
      text(call("CreateVpnConnection", "Type=ipsec.1&CustomerGatewayId=" + customer + "&VpnGatewayId=" + end),
           "vpnConnectionId");
  ASSERT_NE(id, "");
  const auto state = [&] { return text(call("DescribeVpnConnections", "VpnConnectionId.1=" + id), "state"); };
  EXPECT_EQ(text(call("DeleteVpnConnection", "DryRun=true&VpnConnectionId=" + id), "Code"), "DryRunOperation");
  EXPECT_EQ(state(), "available");
  EXPECT_EQ(call("DeleteVpnConnection", "VpnConnectionId=" + id).status, 200);
  EXPECT_EQ(state(), "deleted");
  clock_.time += std::chrono::hours(1) + std::chrono::seconds(1);
  EXPECT_EQ(text(call("DescribeVpnConnections", "VpnConnectionId.1=" + id), "Code"), "InvalidVpnConnectionID.NotFound");
}

}  // namespace
}  // namespace sallyport::api::ec2
