#include "api/ec2/zones.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "api/ec2/filters.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

// As AWS shortens the words of a region's name: "northeast" is "ne", "central" is "c".
std::string shortened_word(std::string word) {
  std::string initials;
  for (const std::string_view direction : {"north", "south"}) {
    if (!word.starts_with(direction)) continue;
    initials = direction.substr(0, 1);
    word.erase(0, direction.size());
  }
  return initials + word.substr(0, 1);
}

// "us-east-1" is "use1": the first word, initials, the number.
std::string region_code(const std::string& region) {
  std::string code;
  std::string word;
  bool first = true;
  for (const char c : region + "-") {
    if (c != '-') {
      word += c;
      continue;
    }
    code += first ? word : shortened_word(word);
    first = false;
    word.clear();
  }
  return code;
}

const Zone* find_zone(const std::vector<Zone>& zones, std::string Zone::*member, const std::string& value) {
  const auto found = std::ranges::find(zones, value, member);
  return found == zones.end() ? nullptr : &*found;
}

tl::unexpected<Fault> no_such_zone(const std::string& parameter, const std::string& value,
                                   const std::vector<Zone>& zones) {
  std::string names;
  for (const Zone& zone : zones)
    names += (names.empty() ? "" : ", ") + zone.name + " (" + zone.id + ")";
  return invalid_value(parameter, wire::shortened(value), "The availability zones are " + names + ".");
}

void render_zone(Xml& xml, const Zone& zone, const model::Region& region) {
  xml.text("optInStatus", "opt-in-not-required").text("messageSet", "").id("regionName", region);
  xml.text("zoneName", zone.name).text("zoneId", zone.id).text("groupName", region.str() + "-zg-1");
  xml.id("networkBorderGroup", region).text("zoneType", "availability-zone").text("zoneState", "available");
}

Ec2Result<Outcome> describe_zones(const Context& context) {
  const model::Region& region = context.world.region;
  const auto filters =
      Filters::parse(context.params, {"group-long-name", "group-name", "message", "opt-in-status", "parent-zone-id",
                                      "parent-zone-name", "region-name", "state", "zone-id", "zone-name", "zone-type"});
  if (!filters) return fault(filters.error());
  if (const auto all = context.params.boolean("AllAvailabilityZones"); !all) return fault(all.error());
  const std::vector<Zone> zones = zones_of(region);
  std::set<std::string> wanted;
  for (const auto& [list, member] : {std::pair("ZoneName", &Zone::name), std::pair("ZoneId", &Zone::id)}) {
    for (const std::string& value : context.params.list(list)) {
      const Zone* zone = find_zone(zones, member, value);
      if (zone == nullptr) return no_such_zone(list, value, zones);
      wanted.insert(zone->name);
    }
  }
  std::vector<Zone> shown;
  for (const Zone& zone : zones) {
    if (!wanted.empty() && !wanted.contains(zone.name)) continue;
    const Facts facts{{"group-name", region.str() + "-zg-1"},
                      {"opt-in-status", "opt-in-not-required"},
                      {"region-name", region.str()},
                      {"state", "available"},
                      {"zone-id", zone.id},
                      {"zone-name", zone.name},
                      {"zone-type", "availability-zone"}};
    if (filters->match(facts)) shown.push_back(zone);
  }
  Outcome outcome;
  outcome.answer.set("availabilityZoneInfo", shown,
                     [&](Xml& item, const Zone& zone) { render_zone(item, zone, region); });
  return outcome;
}

// The region of this installation, which is the only one it knows.
Ec2Result<Outcome> describe_regions(const Context& context) {
  const std::string& region = context.world.region.str();
  const std::string endpoint = "ec2." + region + "." + context.world.zone;
  const auto filters = Filters::parse(context.params, {"endpoint", "opt-in-status", "region-name"});
  if (!filters) return fault(filters.error());
  if (const auto all = context.params.boolean("AllRegions"); !all) return fault(all.error());
  for (const std::string& name : context.params.list("RegionName")) {
    if (name != region) return invalid_value("RegionName", wire::shortened(name), "The only region is " + region + ".");
  }
  std::vector<std::string> shown;
  if (filters->match({{"endpoint", endpoint}, {"opt-in-status", "opt-in-not-required"}, {"region-name", region}})) {
    shown.push_back(region);
  }
  Outcome outcome;
  outcome.answer.set("regionInfo", shown, [&](Xml& item, const std::string& name) {
    item.text("regionName", name).text("regionEndpoint", endpoint).text("optInStatus", "opt-in-not-required");
  });
  return outcome;
}

constexpr auto kZoneOperations = std::to_array<Entry>({
    {"DescribeAvailabilityZones", describe_zones},
    {"DescribeRegions", describe_regions},
});

}  // namespace

std::vector<Zone> zones_of(const model::Region& region) {
  const std::string code = region_code(region.str());
  return {
      {region.str() + "a", code + "-az1"}, {region.str() + "b", code + "-az2"}, {region.str() + "c", code + "-az3"}};
}

std::string zone_id(const model::Region& region, const std::string& name) {
  const std::vector<Zone> zones = zones_of(region);
  const Zone* zone = find_zone(zones, &Zone::name, name);
  return zone == nullptr ? "" : zone->id;
}

Ec2Result<std::optional<Zone>> zone_asked(const Context& context) {
  const std::vector<Zone> zones = zones_of(context.world.region);
  std::optional<Zone> asked;
  for (const auto& [parameter, member] :
       {std::pair("AvailabilityZone", &Zone::name), std::pair("AvailabilityZoneId", &Zone::id)}) {
    const auto value = context.params.text(parameter);
    if (!value) continue;
    const Zone* zone = find_zone(zones, member, *value);
    if (zone == nullptr) return no_such_zone(parameter, *value, zones);
    if (asked && asked->name != zone->name) {
      return fault("InvalidParameterCombination",
                   "AvailabilityZone and AvailabilityZoneId name two different zones; give one of them");
    }
    asked = *zone;
  }
  return asked;
}

std::span<const Entry> zone_operations() { return kZoneOperations; }

}  // namespace sallyport::api::ec2
