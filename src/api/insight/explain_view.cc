#include "api/insight/explain_view.h"

#include <string>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>

namespace sallyport::api::insight {

namespace {

namespace json = boost::json;

json::array addresses(const std::vector<base::IpAddress>& range) {
  json::array texts;
  for (const base::IpAddress& address : range)
    texts.emplace_back(address.to_string());
  return texts;
}

json::array strings(const std::vector<std::string>& range) {
  json::array texts;
  for (const std::string& text : range)
    texts.emplace_back(text);
  return texts;
}

std::string_view dns_status(policy::ResolveStatus status) {
  switch (status) {
    case policy::ResolveStatus::kAnswer: return "NOERROR";
    case policy::ResolveStatus::kNoData: return "NODATA";
    case policy::ResolveStatus::kNameError: return "NXDOMAIN";
    case policy::ResolveStatus::kRefused:
    case policy::ResolveStatus::kNotOurs: return "REFUSED";
  }
  return "SERVFAIL";
}

}  // namespace

json::object explain_view(const model::ClusterName& cluster, const policy::Explanation& told) {
  json::object arrival{{"side", told.arrival.is_public() ? "public" : "private"}};
  if (told.arrival.private_vpc) arrival["vpc"] = told.arrival.private_vpc->str();
  if (told.connected) {
    arrival["connectedNetwork"] =
        json::object{{"block", told.connected->block.to_string()}, {"via", told.connected->via}};
  }
  return {{"cluster", cluster.str()},
          {"host", told.host},
          {"source", told.source.to_string()},
          {"seenAs", told.seen_as.to_string()},
          {"vantage", told.vantage.vpc ? told.vantage.vpc->str() : "public"},
          {"dns",
           {{"status", dns_status(told.answer.status)},
            {"addresses", addresses(told.answer.addresses)},
            {"ttl", told.answer.ttl},
            {"reason", policy::to_string(told.answer.reason)}}},
          {"arrival", std::move(arrival)},
          {"decision",
           {{"allow", told.decision.allow},
            {"reason", policy::to_string(told.decision.reason)},
            {"path", policy::to_string(told.decision.path)},
            {"matchedRule", told.decision.matched_rule},
            {"description", policy::describe(told.decision)}}},
          {"reachable", told.reachable},
          {"sentences", strings(told.sentences)}};
}

}  // namespace sallyport::api::insight
