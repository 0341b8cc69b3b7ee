#include "api/route53/routes.h"

#include <array>
#include <utility>

#include "api/path_pattern.h"

namespace sallyport::api::route53 {

namespace {

constexpr std::string_view kVersion = "/2013-04-01";

// Paths below the version.
constexpr auto kPatterns = std::to_array<PathPattern>({
    {"GET", "/hostedzone", "ListHostedZones"},
    {"GET", "/hostedzonesbyname", "ListHostedZonesByName"},
    {"GET", "/hostedzonesbyvpc", "ListHostedZonesByVPC"},
    {"GET", "/hostedzonecount", "GetHostedZoneCount"},
    {"GET", "/hostedzone/*", "GetHostedZone"},
    {"GET", "/hostedzone/*/rrset", "ListResourceRecordSets"},
    {"POST", "/keysigningkey/*/*/activate", "ActivateKeySigningKey"},
    {"POST", "/hostedzone/*/associatevpc", "AssociateVPCWithHostedZone"},
    {"POST", "/cidrcollection/*", "ChangeCidrCollection"},
    {"POST", "/hostedzone/*/rrset", "ChangeResourceRecordSets"},
    {"POST", "/tags/*/*", "ChangeTagsForResource"},
    {"POST", "/cidrcollection", "CreateCidrCollection"},
    {"POST", "/healthcheck", "CreateHealthCheck"},
    {"POST", "/hostedzone", "CreateHostedZone"},
    {"POST", "/keysigningkey", "CreateKeySigningKey"},
    {"POST", "/queryloggingconfig", "CreateQueryLoggingConfig"},
    {"POST", "/delegationset", "CreateReusableDelegationSet"},
    {"POST", "/trafficpolicy", "CreateTrafficPolicy"},
    {"POST", "/trafficpolicyinstance", "CreateTrafficPolicyInstance"},
    {"POST", "/trafficpolicy/*", "CreateTrafficPolicyVersion"},
    {"POST", "/hostedzone/*/authorizevpcassociation", "CreateVPCAssociationAuthorization"},
    {"POST", "/keysigningkey/*/*/deactivate", "DeactivateKeySigningKey"},
    {"DELETE", "/cidrcollection/*", "DeleteCidrCollection"},
    {"DELETE", "/healthcheck/*", "DeleteHealthCheck"},
    {"DELETE", "/hostedzone/*", "DeleteHostedZone"},
    {"DELETE", "/keysigningkey/*/*", "DeleteKeySigningKey"},
    {"DELETE", "/queryloggingconfig/*", "DeleteQueryLoggingConfig"},
    {"DELETE", "/delegationset/*", "DeleteReusableDelegationSet"},
    {"DELETE", "/trafficpolicy/*/*", "DeleteTrafficPolicy"},
    {"DELETE", "/trafficpolicyinstance/*", "DeleteTrafficPolicyInstance"},
    {"POST", "/hostedzone/*/deauthorizevpcassociation", "DeleteVPCAssociationAuthorization"},
    {"POST", "/hostedzone/*/disable-dnssec", "DisableHostedZoneDNSSEC"},
    {"POST", "/hostedzone/*/disassociatevpc", "DisassociateVPCFromHostedZone"},
    {"POST", "/hostedzone/*/enable-dnssec", "EnableHostedZoneDNSSEC"},
    {"GET", "/accountlimit/*", "GetAccountLimit"},
    {"GET", "/change/*", "GetChange"},
    {"GET", "/checkeripranges", "GetCheckerIpRanges"},
    {"GET", "/hostedzone/*/dnssec", "GetDNSSEC"},
    {"GET", "/geolocation", "GetGeoLocation"},
    {"GET", "/healthcheck/*", "GetHealthCheck"},
    {"GET", "/healthcheckcount", "GetHealthCheckCount"},
    {"GET", "/healthcheck/*/lastfailurereason", "GetHealthCheckLastFailureReason"},
    {"GET", "/healthcheck/*/status", "GetHealthCheckStatus"},
    {"GET", "/hostedzonelimit/*/*", "GetHostedZoneLimit"},
    {"GET", "/queryloggingconfig/*", "GetQueryLoggingConfig"},
    {"GET", "/delegationset/*", "GetReusableDelegationSet"},
    {"GET", "/reusabledelegationsetlimit/*/*", "GetReusableDelegationSetLimit"},
    {"GET", "/trafficpolicy/*/*", "GetTrafficPolicy"},
    {"GET", "/trafficpolicyinstance/*", "GetTrafficPolicyInstance"},
    {"GET", "/trafficpolicyinstancecount", "GetTrafficPolicyInstanceCount"},
    {"GET", "/cidrcollection/*/cidrblocks", "ListCidrBlocks"},
    {"GET", "/cidrcollection", "ListCidrCollections"},
    {"GET", "/cidrcollection/*", "ListCidrLocations"},
    {"GET", "/geolocations", "ListGeoLocations"},
    {"GET", "/healthcheck", "ListHealthChecks"},
    {"GET", "/queryloggingconfig", "ListQueryLoggingConfigs"},
    {"GET", "/delegationset", "ListReusableDelegationSets"},
    {"GET", "/tags/*/*", "ListTagsForResource"},
    {"POST", "/tags/*", "ListTagsForResources"},
    {"GET", "/trafficpolicies", "ListTrafficPolicies"},
    {"GET", "/trafficpolicyinstances", "ListTrafficPolicyInstances"},
    {"GET", "/trafficpolicyinstances/hostedzone", "ListTrafficPolicyInstancesByHostedZone"},
    {"GET", "/trafficpolicyinstances/trafficpolicy", "ListTrafficPolicyInstancesByPolicy"},
    {"GET", "/trafficpolicies/*/versions", "ListTrafficPolicyVersions"},
    {"GET", "/hostedzone/*/authorizevpcassociation", "ListVPCAssociationAuthorizations"},
    {"GET", "/testdnsanswer", "TestDNSAnswer"},
    {"POST", "/healthcheck/*", "UpdateHealthCheck"},
    {"POST", "/hostedzone/*", "UpdateHostedZoneComment"},
    {"POST", "/hostedzone/*/features", "UpdateHostedZoneFeatures"},
    {"POST", "/trafficpolicy/*/*", "UpdateTrafficPolicyComment"},
    {"POST", "/trafficpolicyinstance/*", "UpdateTrafficPolicyInstance"},
});

}  // namespace

Route find_route(std::string_view method, std::string_view path) {
  if (!path.starts_with(kVersion)) return {};
  path.remove_prefix(kVersion.size());
  if (path.ends_with('/')) path.remove_suffix(1);
  for (const PathPattern& pattern : kPatterns) {
    if (pattern.method != method) continue;
    if (auto labels = match_path(pattern.path, path)) return {pattern.operation, std::move(*labels)};
  }
  return {};
}

}  // namespace sallyport::api::route53
