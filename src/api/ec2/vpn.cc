#include "api/ec2/vpn.h"

#include "api/ec2/resources.h"

namespace sallyport::api::ec2 {

Ec2Status check_type(const Params& params) {
  const auto type = params.required("Type");
  if (!type) return fault(type.error());
  if (*type == "ipsec.1") return {};
  return invalid_value("Type", *type, "Give ipsec.1.");
}

Ec2Result<const model::CustomerGateway*> customer_gateway_at(const Context& context) {
  return object_at<model::CustomerGateway>(context, context.params, "CustomerGatewayId",
                                           "InvalidCustomerGatewayID.NotFound", "customerGateway ID");
}

Ec2Result<const model::VpnGateway*> vpn_gateway_at(const Context& context) {
  return object_at<model::VpnGateway>(context, context.params, "VpnGatewayId", "InvalidVpnGatewayID.NotFound",
                                      "vpnGateway ID");
}

Ec2Result<const model::VpnConnection*> vpn_connection_at(const Context& context) {
  return object_at<model::VpnConnection>(context, context.params, "VpnConnectionId", "InvalidVpnConnectionID.NotFound",
                                         "vpnConnection ID");
}

tl::unexpected<Fault> in_use(const std::string& noun, const std::string& id, const std::vector<std::string>& users) {
  Fault refusal = dependency_violation(noun, id, users).value();
  refusal.code = "IncorrectState";
  return fault(std::move(refusal));
}

}  // namespace sallyport::api::ec2
