#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "iam/policy.h"

namespace sallyport::iam {

// What a request says of itself, by context key in lower case: "aws:sourceip", "aws:requesttag/team". A key with no
// value is not there.
class RequestContext {
 public:
  void set(std::string_view key, std::string value);
  void set(std::string_view key, std::vector<std::string> values);

  const std::vector<std::string>* find(const std::string& lower_case_key) const;
  // For a policy variable: the one value of a key written in any case.
  std::optional<std::string> single(std::string_view key) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

// Whether the request meets the condition (IAM User Guide, "IAM JSON policy elements: Condition operators"). A key the
// request lacks meets what is negated and …IfExists, and nothing else. Pure; any thread.
bool holds(const Condition& condition, const RequestContext& request, bool variables);

// Whether the request has what the variables in the condition's values stand for. Pure; any thread.
bool resolves(const Condition& condition, const RequestContext& request);

// Why a value cannot stand in a condition of that kind: "is no CIDR block"; empty when it can.
std::string value_fault(Comparison comparison, std::string_view value);

// "2026-11-25", "2026-11-25T10:00:00Z", with a fraction or an offset such as +01:00, or seconds since 1970.
std::optional<base::Time> parse_policy_date(std::string_view text);

std::string in_lower_case(std::string_view text);

}  // namespace sallyport::iam
