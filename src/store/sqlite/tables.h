#pragma once

#include <type_traits>
#include <utility>

#include "model/cluster.h"
#include "model/identity.h"
#include "model/ids.h"
#include "model/network.h"
#include "model/network_objects.h"

// Which table holds a kind of thing, and by what key. Updates are apart: their key is two columns.
namespace sallyport::store::sqlite {

inline const model::ClusterName& key_of(const model::Cluster& cluster) { return cluster.name; }
template <class T>
const model::IdOf<T>& key_of(const T& thing) {
  return thing.id;
}

template <class T>
using KeyOf = std::remove_cvref_t<decltype(key_of(std::declval<const T&>()))>;

template <class Key>
inline constexpr const char* kTable = nullptr;
template <>
inline constexpr const char* kTable<model::ClusterName> = "clusters";
template <>
inline constexpr const char* kTable<model::VpcId> = "vpcs";
template <>
inline constexpr const char* kTable<model::SubnetId> = "subnets";
template <>
inline constexpr const char* kTable<model::SecurityGroupId> = "security_groups";
template <>
inline constexpr const char* kTable<model::DhcpOptionsId> = "dhcp_options";
template <>
inline constexpr const char* kTable<model::PrefixListId> = "prefix_lists";
template <>
inline constexpr const char* kTable<model::NetworkInterfaceId> = "network_interfaces";
template <>
inline constexpr const char* kTable<model::AllocationId> = "elastic_ips";
template <>
inline constexpr const char* kTable<model::NatGatewayId> = "nat_gateways";
template <>
inline constexpr const char* kTable<model::VpcPeeringId> = "vpc_peerings";
template <>
inline constexpr const char* kTable<model::TransitGatewayId> = "transit_gateways";
template <>
inline constexpr const char* kTable<model::AttachmentId> = "transit_gateway_attachments";
template <>
inline constexpr const char* kTable<model::CustomerGatewayId> = "customer_gateways";
template <>
inline constexpr const char* kTable<model::VpnGatewayId> = "vpn_gateways";
template <>
inline constexpr const char* kTable<model::VpnConnectionId> = "vpn_connections";
template <>
inline constexpr const char* kTable<model::IamUserId> = "iam_users";
template <>
inline constexpr const char* kTable<model::AccessKeyId> = "access_keys";
template <>
inline constexpr const char* kTable<model::IamRoleId> = "iam_roles";
template <>
inline constexpr const char* kTable<model::IamPolicyId> = "iam_policies";
template <>
inline constexpr const char* kTable<model::AccessEntryId> = "access_entries";

template <class Key>
inline constexpr const char* kKeyColumn = std::is_same_v<Key, model::ClusterName> ? "name" : "id";

}  // namespace sallyport::store::sqlite
